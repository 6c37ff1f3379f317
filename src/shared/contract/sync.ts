import * as z from 'zod';
import { command, file, job, query } from './define';
import { bigInteger, decimal, emptyInput, emptyOutput, instant, listInput, listOutput, uuid } from './values';

const proxyUrl = z.url({ protocol: /^https?$/ }).max(500);
const headerName = z
  .string()
  .regex(/^[A-Za-z0-9-]{1,60}$/)
  .default('Authorization');

/** How this machine reaches a LiteLLM proxy; kept in the workspace's profile, never in the database. */
const way = {
  /** PEM file with the authority that signed LiteLLM's certificate. */
  caFile: z.string().trim().min(1).max(1000).nullable(),
  /** An HTTP proxy on the way, such as `http://proxy.example.com:3128`. */
  proxy: z
    .url({ protocol: /^http$/ })
    .max(500)
    .nullable(),
};

export const proxyWarning = z.object({
  kind: z.enum([
    'malicious_release',
    'vulnerable_release',
    'untested_release',
    'plain_http',
    'read_only_key',
    'no_database',
  ]),
  message: z.string(),
});

const proxyReport = z.object({
  version: z.string().nullable(),
  databaseConnected: z.boolean(),
  models: z.int(),
  canWrite: z.boolean(),
  latencyMs: z.number(),
  warnings: z.array(proxyWarning),
});
export type ProxyReport = z.infer<typeof proxyReport>;

/** The entities in the order a pull reads them. */
export const syncEntities = ['models', 'teams', 'users', 'members', 'keys', 'spend'] as const;
export type SyncEntity = (typeof syncEntities)[number];

export const entityCounts = z.object({
  entity: z.enum(syncEntities),
  state: z.enum(['waiting', 'running', 'done', 'failed', 'skipped']),
  read: z.int(),
  created: z.int(),
  updated: z.int(),
  unchanged: z.int(),
  /** Kept aside because they have no home in the schema. */
  homeless: z.int(),
});

export const runSummary = z.object({
  id: z.string(),
  state: z.enum(['running', 'succeeded', 'failed', 'cancelled', 'interrupted']),
  startedAt: instant,
  finishedAt: instant.nullable(),
  entities: z.array(entityCounts),
  error: z.string().nullable(),
});
export type SyncRun = z.infer<typeof runSummary>;

const remoteObject = z.object({
  id: z.string(),
  kind: z.string(),
  remoteId: z.string(),
  localId: z.string().nullable(),
  name: z.string().nullable(),
  state: z.string(),
  reason: z.string().nullable(),
  seenAt: instant,
});
export type RemoteObject = z.infer<typeof remoteObject>;

const historyList = listInput(['startedAt'], {});
const objectList = listInput(['kind', 'remoteId', 'seenAt'], {
  kind: z.string().max(40).optional(),
  state: z.string().max(40).optional(),
});

export const syncContract = {
  status: query({
    scope: 'schema',
    input: emptyInput,
    output: z.object({
      link: z
        .object({
          baseUrl: z.string(),
          headerName: z.string(),
          hasKey: z.boolean(),
          linkedAt: instant,
          caFile: z.string().nullable(),
          proxy: z.string().nullable(),
        })
        .nullable(),
      lastRun: runSummary.nullable(),
      /** A run that was cancelled or interrupted and can be taken up where it stopped. */
      resumable: z.boolean(),
      /** Up to when spend rows were read. */
      spendUpTo: instant.nullable(),
      homeless: z.array(z.object({ kind: z.string(), reason: z.string(), count: z.int() })),
      unattributed: z.object({ requests: bigInteger, cost: decimal }),
    }),
  }),
  /** Asks a proxy who it is; with neither URL nor key it asks the linked one. Stores nothing. */
  test: query({
    scope: 'schema',
    input: z.strictObject({
      baseUrl: proxyUrl.optional(),
      apiKey: z.string().min(1).max(500).optional(),
      headerName: headerName.optional(),
      caFile: way.caFile.optional(),
      proxy: way.proxy.optional(),
    }),
    output: proxyReport,
  }),
  /** Links a proxy to the workspace. The key goes to the secret store and never comes back. */
  link: command({
    scope: 'schema',
    writes: true,
    input: z.strictObject({
      baseUrl: proxyUrl,
      apiKey: z.string().min(1).max(500),
      headerName,
      caFile: way.caFile.default(null),
      proxy: way.proxy.default(null),
    }),
    output: proxyReport,
  }),
  unlink: command({ scope: 'schema', writes: true, input: emptyInput, output: emptyOutput }),
  /** Pulls everything; takes up an interrupted run where it stopped. A second run writes nothing. */
  run: job({
    scope: 'schema',
    writes: true,
    input: z.strictObject({
      /** How many days of spend a first run reads. */
      backfillDays: z.int().min(1).max(1095).default(31),
    }),
    output: runSummary,
  }),
  /**
   * Tells LiteLLM what still waits about keys, also what it refused or somebody changed there meanwhile. Deletes keys over
   * there that were left half made.
   */
  send: job({
    scope: 'schema',
    writes: true,
    input: z.strictObject({
      /** One key; null for all. */
      apiKeyId: uuid.nullable().default(null),
    }),
    output: z.object({
      /** Objects of LiteLLM. */
      sent: z.int(),
      waiting: z.int(),
      refused: z.int(),
      /** Why the first of them is not sent. */
      problem: z.string().nullable(),
    }),
  }),
  history: query({ scope: 'schema', input: historyList, output: listOutput(runSummary) }),
  exportHistoryCsv: file({ scope: 'schema', input: historyList, output: z.null() }),
  objects: query({ scope: 'schema', input: objectList, output: listOutput(remoteObject) }),
  exportObjectsCsv: file({ scope: 'schema', input: objectList, output: z.null() }),
};
