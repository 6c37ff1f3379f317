import * as z from 'zod';
import { errorCodes } from '../errors';
import { command, query } from './define';
import { passport } from './passport';
import { emptyInput, instant } from './values';

const envelope = z.object({
  code: z.enum(errorCodes),
  message: z.string(),
  hint: z.string().optional(),
  details: z.record(z.string(), z.string()).optional(),
});

/** One piece of long work, running or among the last that ended. Found again after a reload by its id. */
export const jobState = z.object({
  id: z.string(),
  /** `area.procedure` that started it. */
  procedure: z.string(),
  /** The workspace it works on; null for jobs of scope `app`, which open and close workspaces. */
  workspaceId: z.string().nullable(),
  state: z.enum(['running', 'succeeded', 'failed', 'cancelled']),
  title: z.string(),
  detail: z.string().nullable(),
  done: z.number().nullable(),
  total: z.number().nullable(),
  /** The procedure's output once it succeeded. */
  result: z.unknown(),
  error: envelope.nullable(),
  startedAt: instant,
  finishedAt: instant.nullable(),
});
export type JobState = z.infer<typeof jobState>;

/** The open database as every screen needs to know it. */
export const workspaceState = z.object({
  id: z.string(),
  name: z.string(),
  environmentLabel: z.string(),
  colour: z.string(),
  kind: z.enum(['local', 'server']),
  access: z.enum(['read-only', 'administer']),
  /** Where it is, without password: `postgresql://litemaas@127.0.0.1:5433/litemaas`. */
  location: z.string(),
  connection: z.enum(['open', 'lost']),
  /** The password may be given in clear or as MD5 to a server that nobody verified: shown as a warning. */
  weakSignInAllowed: z.boolean(),
  /** What its schema is: none of ours yet, migrations pending, complete, newer than this console, or other tables. */
  schema: z.enum(['empty', 'behind', 'current', 'ahead', 'changed', 'foreign']),
  /** Which database it is, in words. */
  passport,
  /** The role is a superuser, or as good as one, where others own or may create things: a lasting warning. */
  asSuperuser: z.boolean(),
  litellmLinked: z.boolean(),
  demo: z.boolean(),
  /** The zone in which days and months of usage are cut. */
  reportingTimeZone: z.string(),
});
export type WorkspaceState = z.infer<typeof workspaceState>;

export const appState = z.object({
  /** Grows with every change of this state. */
  revision: z.int(),
  workspace: workspaceState.nullable(),
  /** Grows whenever data in the open database was changed by this console: screens read again. */
  dataRevision: z.int(),
  jobs: z.array(jobState),
});
export type AppState = z.infer<typeof appState>;

export const appContract = {
  /** Answers when the state is newer than `sinceRevision`, at the latest after 25 seconds. */
  watch: query({
    scope: 'app',
    input: z.strictObject({ sinceRevision: z.int().min(-1) }),
    output: appState,
  }),
  info: query({
    scope: 'app',
    input: emptyInput,
    output: z.object({
      version: z.string(),
      host: z.enum(['desktop', 'browser']),
      platform: z.string(),
      node: z.string(),
      dataFolder: z.string(),
      secretStore: z.object({
        state: z.enum(['protected', 'memory', 'weak']),
        backend: z.string(),
        message: z.string(),
      }),
    }),
  }),
  /** Asks a running job to stop; it ends as `cancelled` once its work has stopped. */
  cancelJob: command({
    scope: 'app',
    writes: false,
    input: z.strictObject({ jobId: z.string() }),
    output: z.object({ found: z.boolean() }),
  }),
};
