import { sql } from 'drizzle-orm';
import * as z from 'zod';
import { AppError } from '../../shared/errors';
import type { Database } from './database';
import { type RelationName, tables } from './relations';

const recordTables: readonly RelationName[] = [
  'users',
  'models',
  'teams',
  'team_members',
  'subscriptions',
  'api_keys',
  'api_key_models',
  'usage_logs',
  'usage_summaries',
  'audit_logs',
];

/**
 * Has PostgreSQL look at the console's tables now, after many rows changed: its plans and the estimated numbers of rows
 * would wait for autovacuum otherwise, which never looks at a partitioned table as a whole. Leaves out tables of another
 * owner and those that somebody holds. What was done before does not depend on it, so a failure or a cancel ends it
 * without an error.
 */
export async function analyzeTables(database: Database, signal: AbortSignal): Promise<void> {
  try {
    await database.batch(signal, async ({ select, run }) => {
      const wanted = sql.param(recordTables.map((name) => tables[name]));
      const found = await select(
        z.strictObject({ name: z.string() }),
        sql`
        SELECT named.name
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        CROSS JOIN LATERAL format('%I.%I', n.nspname, c.relname) AS named (name)
        WHERE c.relkind IN ('r', 'p') AND pg_has_role(c.relowner, 'USAGE')
          AND (n.nspname = 'litemaas_console' OR named.name = ANY (${wanted}))`,
      );
      if (found.length === 0) return;
      // Names that PostgreSQL itself has quoted.
      await run(sql.raw(`ANALYZE (SKIP_LOCKED) ${found.map(({ name }) => name).join(', ')}`));
    });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
  }
}
