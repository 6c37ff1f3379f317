import { sql } from 'drizzle-orm';
import * as z from 'zod';
import { bigInteger } from '../../shared/contract/values';
import { migrationStatus } from '../postgres/migrate';
import type { Database } from '../postgres/database';

const factsRow = z.strictObject({
  serverVersion: z.string(),
  encoding: z.string(),
  sizeBytes: bigInteger,
  inRecovery: z.boolean(),
  extensions: z.array(z.string()),
  /** Estimated rows of the largest tables of the documented schema. */
  estimatedRows: z.record(z.string(), z.string()),
});

/** What the diagnostics file says about a database: versions and sizes, no names but those of migrations. */
export interface DatabaseFacts extends Readonly<z.infer<typeof factsRow>> {
  /** Name and state of each migration; empty where the database is not ours. */
  readonly migrations: Readonly<Record<string, string>>;
}

const timeoutMs = 10_000;

/** @throws AppError when the database cannot be read within ten seconds. */
export function readDatabaseFacts(
  database: Database,
  migrationsFolder: string,
  signal: AbortSignal,
): Promise<DatabaseFacts> {
  return database.read(
    AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    async ({ client, select }) => {
      const [facts] = await select(
        factsRow,
        sql`
      SELECT current_setting('server_version') AS "serverVersion",
        current_setting('server_encoding') AS encoding,
        pg_database_size(current_database())::text AS "sizeBytes",
        pg_is_in_recovery() AS "inRecovery",
        ARRAY(SELECT extname || ' ' || extversion FROM pg_extension ORDER BY 1)::text[] AS extensions,
        (SELECT coalesce(jsonb_object_agg(c.relname, c.reltuples::bigint::text), '{}')
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND c.relname IN (
           'users', 'teams', 'models', 'subscriptions', 'api_keys', 'usage_logs', 'audit_logs'
         )) AS "estimatedRows"`,
      );
      if (!facts) throw new Error('a SELECT without FROM has one row');
      const migrations = await migrationStatus(client, migrationsFolder);
      const isOurs = migrations.some(({ state }) => state !== 'pending');
      return {
        ...facts,
        migrations: isOurs ? Object.fromEntries(migrations.map(({ name, state }) => [name, state])) : {},
      };
    },
  );
}
