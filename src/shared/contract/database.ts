import * as z from 'zod';
import { isRoleName } from '../role-name';
import { command, file, job, query } from './define';
import { bigInteger, emptyInput, emptyOutput, instant } from './values';

/** Who may do what: reads; changes records; owns the schema and migrates it. */
export const roleKinds = ['reader', 'administrator', 'owner'] as const;
export type RoleKind = (typeof roleKinds)[number];

const roleWish = z.strictObject({ role: z.enum(roleKinds), name: z.string().refine(isRoleName) });

export const databaseContract = {
  status: query({
    scope: 'workspace',
    input: emptyInput,
    output: z.object({
      serverVersion: z.string(),
      database: z.string(),
      user: z.string(),
      host: z.string(),
      port: z.int(),
      tls: z.string().nullable(),
      sizeBytes: bigInteger,
      startedAt: instant,
      encoding: z.string(),
      locale: z.string(),
      inRecovery: z.boolean(),
      connections: z.object({ used: z.int(), max: z.int() }),
      connectionString: z.string(),
      local: z
        .object({
          dataFolder: z.string(),
          sizeOnDiskBytes: bigInteger,
          processId: z.int().nullable(),
          startedByUs: z.boolean(),
          osUser: z.string(),
        })
        .nullable(),
    }),
  }),
  migrations: query({
    scope: 'workspace',
    input: emptyInput,
    output: z.object({
      migrations: z.array(
        z.object({
          name: z.string(),
          purpose: z.string(),
          state: z.enum(['applied', 'pending', 'changed', 'unknown']),
          appliedAt: instant.nullable(),
        }),
      ),
      preflight: z.array(
        z.object({
          check: z.string(),
          ok: z.boolean(),
          message: z.string(),
          hint: z.string().nullable(),
          /** `acceptOthersCreating` goes on although it is not met. */
          acceptable: z.boolean(),
        }),
      ),
    }),
  }),
  migrate: job({
    scope: 'workspace',
    writes: true,
    input: z.strictObject({
      /** True: the person read who else may create in the schemas, and goes on nevertheless. */
      acceptOthersCreating: z.boolean().optional(),
      /**
       * True: the person read what it risks to be a superuser where others have a hand in, and wants it; kept with the
       * workspace. Absent: what was chosen stays.
       */
      acceptSuperuser: z.boolean().optional(),
    }),
    output: z.object({ applied: z.array(z.string()) }),
  }),
  partitions: query({
    scope: 'schema',
    input: emptyInput,
    output: z.object({
      partitions: z.array(
        z.object({
          name: z.string(),
          from: instant.nullable(),
          to: instant.nullable(),
          isDefault: z.boolean(),
          estimatedRows: bigInteger,
          sizeBytes: bigInteger,
        }),
      ),
      missingMonths: z.array(z.string()),
      rowsInDefault: bigInteger,
    }),
  }),
  createPartitions: command({
    scope: 'schema',
    writes: true,
    input: emptyInput,
    output: z.object({ created: z.array(z.string()) }),
  }),
  /** The SQL that makes a role for this database, with the least it needs. It holds no password. */
  roleSql: query({
    scope: 'workspace',
    input: roleWish,
    output: z.object({ database: z.string(), exists: z.boolean(), statements: z.string() }),
  }),
  exportRoleSql: file({ scope: 'workspace', input: roleWish, output: z.null() }),
  /** Local server only. */
  serverLog: query({
    scope: 'app',
    input: z.strictObject({ lines: z.int().min(1).max(1000).default(200) }),
    output: z.object({ lines: z.array(z.string()), path: z.string() }),
  }),
  /** Starts the stopped local server and opens its workspace again. */
  startServer: job({ scope: 'app', writes: false, input: emptyInput, output: z.object({ port: z.int() }) }),
  /** Closes the local workspace and stops its server. */
  stopServer: job({ scope: 'app', writes: false, input: emptyInput, output: emptyOutput }),
  /** Renames the local data folder so that a new set-up starts afresh; nothing is deleted. */
  setAside: job({
    scope: 'app',
    writes: false,
    input: emptyInput,
    output: z.object({ movedTo: z.string() }),
  }),
  /** One of the four commands that may return a secret: the connection string with its password. Audited. */
  revealConnection: command({
    scope: 'schema',
    writes: true,
    input: emptyInput,
    output: z.object({ secret: z.string() }),
  }),
};
