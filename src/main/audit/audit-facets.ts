import { sql, type SQL } from 'drizzle-orm';
import * as z from 'zod';
import type { Contract } from '../../shared/contract/index';
import { redact } from '../../shared/redact';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';
import type { Handler } from '../router/handlers';

/** More different values than this are no list to choose from. */
const mostValues = 500;

/** The actions and resource types that occur, in order. */
export const auditFacets: Handler<Contract['audit']['facets']> = (
  _input,
  { signal, workspace: { database } },
) =>
  database.read(signal, async (connection) => ({
    actions: (await distinctActions(connection)).map(redact),
    resourceTypes: (await distinctResourceTypes(connection)).map(redact),
  }));

export function distinctActions(connection: Connection): Promise<string[]> {
  return distinctValues(connection, sql`action`);
}

export function distinctResourceTypes(connection: Connection): Promise<string[]> {
  return distinctValues(connection, sql`resource_type`);
}

/**
 * The different values of an indexed column: one step in the index for each value instead of a scan of millions of
 * rows (PostgreSQL has no such scan of its own for DISTINCT).
 */
async function distinctValues({ select }: Connection, column: SQL): Promise<string[]> {
  const rows = await select(
    z.strictObject({ value: z.string() }),
    sql`
      WITH RECURSIVE found AS (
        (SELECT ${column} AS value FROM ${from('audit_logs')} WHERE ${column} IS NOT NULL ORDER BY ${column} LIMIT 1)
        UNION ALL
        SELECT (SELECT ${column} FROM ${from('audit_logs')} WHERE ${column} > found.value ORDER BY ${column} LIMIT 1)
        FROM found WHERE found.value IS NOT NULL
      )
      SELECT value FROM found WHERE value IS NOT NULL LIMIT ${mostValues}`,
  );
  return rows.map(({ value }) => value);
}
