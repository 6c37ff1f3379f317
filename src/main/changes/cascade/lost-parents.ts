import { type SQL, sql } from 'drizzle-orm';
import * as z from 'zod';
import { bigInteger } from '../../../shared/contract/values';
import { grouped } from '../../../shared/grouped';
import { say } from '../../kernel/say';
import type { Connection } from '../../postgres/database';
import { from, tables } from '../../postgres/relations';
import type { RecordFinding } from '../change';
import type { RecordTable } from '../record-table';
import { type Deletion, isOf, keptDeletions, readReturningKeys, type ReturningKey } from './deleted-rows';
import { type ForeignKey, readForeignKeys } from './foreign-keys';
import { findTakenPlaces } from './taken-places';

/** What a person can come back without. Everything else, a key above all, comes back whole or not at all. */
const canBeLeftOut: ReadonlySet<string> = new Set([
  tables.team_members,
  tables.subscriptions,
  tables.usage_summaries,
]);

/** A key that lost its team or its subscription would open more than it did. */
const staysWhole: ReadonlySet<string> = new Set([tables.api_keys]);

/** What of a record cannot come back, because rows that it refers to are not there any more. */
export interface Losses {
  /** What there is to say about each record, by its id; an error keeps it from coming back. */
  readonly findings: ReadonlyMap<string, readonly RecordFinding[]>;
  /** Kept rows (`deleted_rows`) that stay away, or stay without their reference, and the ids that these rows have themselves. */
  readonly rows: readonly string[];
  readonly rowIds: ReadonlySet<string>;
  /** By kept row the columns that come back empty: the key blanks them where what they name is deleted. */
  readonly emptied: ReadonlyMap<string, ReadonlySet<string>>;
  /** Keys that come back with records, switched off. */
  readonly keys: readonly ReturningKey[];
}

/**
 * Looks which rows that deleted records refer to, or that what went with them refers to, are gone since.
 * @param changeIds the journal's rows of the deletions that are taken back.
 */
export async function findLosses(
  connection: Connection,
  record: RecordTable,
  changeIds: readonly string[],
): Promise<Losses> {
  const findings = new Map<string, RecordFinding[]>();
  const rows: string[] = [];
  const rowIds = new Set<string>();
  const emptied = new Map<string, Set<string>>();
  // Whoever may not read what was kept (a role that only reads) cannot bring it back either.
  const kept = (await mayReadKept(connection))
    ? await keptDeletions(connection, record.kind, changeIds)
    : new Map<string, string[]>();
  const keys = kept.size === 0 ? [] : await followableKeys(connection);
  for (const [batchId, ids] of kept) {
    const deletion = { batchId, record, ids };
    const names = await tablesOfKept(connection, deletion);
    const own = keys.filter((key) => names.includes(`${key.child_schema}.${key.child_name}`));
    const said = new Set<string>();
    // What refers to a row that stays away has lost it too.
    for (let before = -1; before < rows.length;) {
      before = rows.length;
      for (const key of own) {
        for (const lost of await lostRows(connection, deletion, key, rows)) {
          // A row that is there keeps being without its reference.
          if (lost.is_blanked) {
            rows.push(lost.id);
            continue;
          }
          const table = `${key.child_schema}.${key.child_name}`;
          const fate = fateOf(key, table);
          if (fate === 'emptied') {
            emptied.set(lost.id, new Set([...(emptied.get(lost.id) ?? []), ...key.blanked]));
          } else if (fate === 'leftOut') {
            rows.push(lost.id);
            if (lost.row_id !== null) rowIds.add(lost.row_id);
          }
          const parent = `${key.parent_schema}.${key.parent_name}`;
          const mark = `${lost.record_id} ${table} ${parent} ${fate}`;
          if (said.has(mark)) continue;
          said.add(mark);
          const finding: RecordFinding = {
            severity: fate === 'parentGone' ? 'error' : 'warning',
            text: say(`changes.cascade.${fate}`, { table, parent }),
          };
          findings.set(lost.record_id, [...(findings.get(lost.record_id) ?? []), finding]);
        }
      }
    }
    // Who has the record's own values the change says itself.
    const others = names.filter((name) => name !== tables[record.relation]);
    for (const { id, table } of await findTakenPlaces(connection, deletion, others, [
      ...rows,
      ...emptied.keys(),
    ])) {
      const finding: RecordFinding = {
        severity: 'error',
        text: say('changes.cascade.placeTaken', { table }),
      };
      findings.set(id, [...(findings.get(id) ?? []), finding]);
    }
  }
  const returning = kept.size === 0 ? [] : await readReturningKeys(connection, changeIds);
  const working = grouped(
    returning.filter(({ works }) => works),
    ({ of }) => of,
  );
  for (const [id, { length: count }] of working) {
    const finding: RecordFinding = { severity: 'warning', text: say('changes.cascade.keysOff', { count }) };
    findings.set(id, [...(findings.get(id) ?? []), finding]);
  }
  return { findings, rows, rowIds, emptied, keys: returning };
}

/** What becomes of a row that went, and has lost what a key of its table names since. */
function fateOf(key: ForeignKey, table: string): 'emptied' | 'leftOut' | 'parentGone' {
  // As if it had been there when that was deleted.
  if (key.action === 'set null' && key.may_be_blank && !staysWhole.has(table)) return 'emptied';
  return canBeLeftOut.has(table) ? 'leftOut' : 'parentGone';
}

/** Whether this user may read the rows that deletions kept. */
export async function mayReadKept({ select }: Connection): Promise<boolean> {
  const [row] = await select(
    z.strictObject({ may: z.boolean() }),
    sql`SELECT has_table_privilege(${tables.deleted_rows}, 'SELECT') AS may`,
  );
  return row?.may === true;
}

/** A foreign key, with the table it refers to by name. */
type NamedKey = ForeignKey & { readonly parent_schema: string; readonly parent_name: string };

const parentRow = z.strictObject({ oid: z.string(), schema: z.string(), name: z.string() });

/** The foreign keys of which both sides can be read as they are. */
async function followableKeys(connection: Connection): Promise<NamedKey[]> {
  const keys = (await readForeignKeys(connection)).filter(({ is_followable: isFollowable }) => isFollowable);
  const parents = await connection.select(
    parentRow,
    sql`
    SELECT c.oid::text AS oid, n.nspname AS schema, c.relname AS name
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.oid::text = ANY(${sql.param([...new Set(keys.map(({ parent }) => parent))])}::text[])
      AND has_table_privilege(c.oid, 'SELECT') AND has_schema_privilege(n.oid, 'USAGE') AND NOT row_security_active(c.oid)`,
  );
  const byOid = new Map(parents.map((parent) => [parent.oid, parent]));
  return keys.flatMap((key) => {
    const parent = byOid.get(key.parent);
    return parent === undefined ? [] : [{ ...key, parent_schema: parent.schema, parent_name: parent.name }];
  });
}

const tableRow = z.strictObject({ name: z.string() });

async function tablesOfKept({ select }: Connection, deletion: Deletion): Promise<string[]> {
  const kept = await select(
    tableRow,
    sql`SELECT DISTINCT d.schema_name || '.' || d.table_name AS name FROM ${from('deleted_rows', 'd')} WHERE ${isOf(deletion, 'd')}`,
  );
  return kept.map(({ name }) => name);
}

const lostRow = z.strictObject({
  id: bigInteger,
  record_id: z.string(),
  row_id: z.string().nullable(),
  is_blanked: z.boolean(),
});

/** Kept rows whose key names a row that is neither there nor comes back with them. */
function lostRows(
  { select }: Connection,
  deletion: Deletion,
  key: NamedKey,
  leftOut: readonly string[],
): Promise<z.infer<typeof lostRow>[]> {
  const value = (alias: string, name: string, place: number): SQL =>
    sql`(${sql.identifier(alias)}.content ->> ${name})::${sql.raw(key.parent_types[place] ?? 'text')}`;
  const given = key.columns.map((name) => sql`d.content ->> ${name} IS NOT NULL`);
  const isThere = key.columns.map(
    (name, place) => sql`p.${sql.identifier(key.parent_columns[place] ?? '')} = ${value('d', name, place)}`,
  );
  const comesBack = key.columns.map(
    (name, place) => sql`${value('k', key.parent_columns[place] ?? '', place)} = ${value('d', name, place)}`,
  );
  const stays = sql.param([...leftOut]);
  return select(
    lostRow,
    sql`
    SELECT d.id::text AS id, d.record_id, d.content ->> 'id' AS row_id, d.fate = 'blanked' AS is_blanked
    FROM ${from('deleted_rows', 'd')}
    WHERE ${isOf(deletion, 'd')} AND d.schema_name = ${key.child_schema} AND d.table_name = ${key.child_name}
      AND d.id <> ALL(${stays}::bigint[]) AND ${sql.join(given, sql` AND `)}
      AND NOT EXISTS (SELECT FROM ${sql.identifier(key.parent_schema)}.${sql.identifier(key.parent_name)} AS p
        WHERE ${sql.join(isThere, sql` AND `)})
      AND NOT EXISTS (SELECT FROM ${from('deleted_rows', 'k')}
        WHERE ${isOf(deletion, 'k')} AND k.fate = 'deleted' AND k.schema_name = ${key.parent_schema} AND k.table_name = ${key.parent_name}
          AND k.id <> ALL(${stays}::bigint[]) AND ${sql.join(comesBack, sql` AND `)})`,
  );
}
