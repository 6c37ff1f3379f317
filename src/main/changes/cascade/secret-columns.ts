import { getTableColumns, sql } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import * as z from 'zod';
import { isSecretColumn } from '../../masking/secret-columns';
import type { Connection } from '../../postgres/database';
import { tables } from '../../postgres/relations';
import { apiKeys, teamMembers, subscriptions, teams, users } from '../../postgres/schema';

const columnRow = z.strictObject({ name: z.string(), type_category: z.string() });

const namesOf = (mirror: PgTable): ReadonlySet<string> =>
  new Set(Object.values<PgColumn>(getTableColumns(mirror)).map(({ name }) => name));

/** Columns of the document's tables: what is secret among them is known (`valuesOfKeys`); a key's hash is kept. */
const documented: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  [tables.users, namesOf(users)],
  [tables.teams, namesOf(teams)],
  [tables.team_members, namesOf(teamMembers)],
  [tables.subscriptions, namesOf(subscriptions)],
  [tables.api_keys, namesOf(apiKeys)],
]);

/** The columns of a table that hold the values of keys. */
export function valuesOfKeys(name: string): string[] {
  return name === tables.api_keys ? [apiKeys.liteLlmKeyValue.name] : [];
}

/** The columns of a table, besides the values of keys, whose values no archive may hold: by their names. */
export async function secretColumnsOf({ select }: Connection, name: string): Promise<string[]> {
  const rows = await select(
    columnRow,
    sql`
    SELECT a.attname::text AS name, t.typcategory::text AS type_category
    FROM pg_attribute AS a
    JOIN pg_class AS c ON c.oid = a.attrelid
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    JOIN pg_type AS t ON t.oid = a.atttypid
    WHERE n.nspname || '.' || c.relname = ${name} AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY a.attnum LIMIT 1600`,
  );
  const known = documented.get(name);
  return rows
    .filter((row) => known?.has(row.name) !== true)
    .filter((row) => isSecretColumn({ relation: name, column: row.name, typeCategory: row.type_category }))
    .map((row) => row.name);
}
