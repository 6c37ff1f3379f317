import { getTableColumns, sql } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import * as z from 'zod';
import { grouped } from '../../../shared/grouped';
import { isSecretColumn } from '../../masking/secret-columns';
import type { Connection } from '../../postgres/database';
import { tables } from '../../postgres/relations';
import { apiKeys, teamMembers, subscriptions, teams, users } from '../../postgres/schema';

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

const columnRow = z.strictObject({ relation: z.string(), name: z.string(), type_category: z.string() });

/** By table the columns, besides the values of keys, whose values no archive may hold: by their names. */
export async function secretColumnsOf(
  { select }: Connection,
  relations: readonly string[],
): Promise<Map<string, string[]>> {
  const rows = await select(
    columnRow,
    sql`
    SELECT n.nspname || '.' || c.relname AS relation, a.attname::text AS name, t.typcategory::text AS type_category
    FROM pg_attribute AS a
    JOIN pg_class AS c ON c.oid = a.attrelid
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    JOIN pg_type AS t ON t.oid = a.atttypid
    WHERE n.nspname || '.' || c.relname = ANY(${sql.param([...relations])}::text[]) AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY c.oid, a.attnum`,
  );
  const secret = rows.filter(
    ({ relation, name, type_category: typeCategory }) =>
      documented.get(relation)?.has(name) !== true &&
      isSecretColumn({ relation, column: name, typeCategory }),
  );
  return new Map(
    [...grouped(secret, ({ relation }) => relation)].map(([relation, columns]) => [
      relation,
      columns.map(({ name }) => name),
    ]),
  );
}
