import { type SQL, sql } from 'drizzle-orm';
import pg from 'pg';
import * as z from 'zod';
import { AppError } from '../../../shared/errors';
import { grouped } from '../../../shared/grouped';
import { say } from '../../kernel/say';
import type { Connection } from '../../postgres/database';
import { detailsOf } from '../../postgres/errors';
import { type RelationName, tables } from '../../postgres/relations';
import type { RecordTable } from '../record-table';
import { type ForeignKey, readForeignKeys } from './foreign-keys';
import { secretColumnsOf } from './secret-columns';

/** What becomes of rows: they go, a foreign key of theirs is blanked, or they keep the record from going. */
export type Fate = 'deleted' | 'blanked' | 'blocks';

/** Rows of one table that a deletion reaches by one way. */
export interface Reached {
  readonly relation: SQL;
  /** Schema and name. */
  readonly name: string;
  readonly schema: string;
  readonly table: string;
  readonly fate: Fate;
  /** The columns of the foreign key that are blanked. */
  readonly columns: readonly string[];
  /** What tells the table's rows apart; empty where it has no primary key. */
  readonly primaryKey: readonly string[];
  /** Whether an undo can bring back what was lost. */
  readonly comesBack: boolean;
  /** SQL: the rows, with the id of the record they go with as `rootColumn`; each row once. */
  readonly rows: SQL;
  /** How many rows, by the id of the record they go with. */
  readonly counts: ReadonlyMap<string, number>;
}

/** Everything that a deletion reaches, from the record outwards: whoever refers to a row comes after it. */
export interface Cascade {
  readonly reached: readonly Reached[];
  /** Tables of which rows go, with triggers or rules of a site's own: what else these do is not known. */
  readonly watched: readonly string[];
  /** Tables that can't be followed (`ForeignKey.is_followable`). */
  readonly unseen: readonly string[];
  /** By table the columns whose values no archive may hold, where there are some besides the values of keys. */
  readonly secrets: ReadonlyMap<string, readonly string[]>;
}

/** Rows of one table that go, and are referred to by others: the columns by which, and the record they go with. */
interface Going {
  readonly oid: string;
  readonly place: string;
  readonly root: string;
  readonly values: Readonly<Record<string, string | null>>;
}

/** Rows that others refer to are followed one by one: not more of them than this. */
const mostFollowed = 100_000;
/** A chain of tables is followed this far; rows that refer to rows of their own table may go deeper. */
const mostSteps = 200;

const followedRow = z.strictObject({
  place: z.string(),
  root: z.string(),
  values: z.record(z.string(), z.string().nullable()),
});
const countRow = z.strictObject({ root: z.string(), total: z.int() });

/** A table's oid, and those foreign keys that refer to it. */
interface Followed {
  readonly oid: string;
  readonly relation: SQL;
  readonly incoming: readonly ForeignKey[];
}

/**
 * Follows the foreign keys of the database from records that are to be deleted. Reads only.
 * @param lock holds the rows that others refer to until the transaction ends, so that nothing can be added to them.
 * @throws AppError `validation` where too many rows would have to be followed.
 */
export async function followCascade(
  connection: Connection,
  record: RecordTable,
  ids: readonly string[],
  lock: 'lock' | 'look' = 'look',
): Promise<Cascade> {
  const keys = await readForeignKeys(connection);
  const incoming = grouped(keys, ({ parent }) => parent);
  const root = await rootOf(connection, record.relation);
  const going = new Map<string, Map<string, Going>>();
  const unseen = new Set<string>();
  const own = { oid: root, relation: sql.raw(tables[record.relation]), incoming: incoming.get(root) ?? [] };
  let fresh = await rowsOfRecords(connection, own, record, ids, lock).catch(throwHeld);
  keep(going, fresh);
  for (let step = 0; fresh.length > 0; step += 1) {
    if (step === mostSteps) throw new AppError('validation', say('changes.cascade.tooDeep'));
    const next: Going[] = [];
    for (const [oid, rows] of grouped(fresh, (row) => row.oid)) {
      for (const key of incoming.get(oid) ?? []) {
        if (!isSeen(key, unseen) || key.action !== 'cascade') continue;
        const child = { oid: key.child, relation: relationOf(key), incoming: incoming.get(key.child) ?? [] };
        // Rows that nobody refers to are only counted: a usage log may have millions.
        if (child.incoming.length === 0) continue;
        const found = await rowsOfChild(connection, child, key, rows, lock).catch(throwHeld);
        next.push(...keep(going, found));
      }
    }
    fresh = next;
  }
  const reached: Reached[] = [];
  for (const itsKeys of grouped(keys, (key) => key.child).values()) {
    reached.push(...(await reachedIn(connection, itsKeys, going, unseen)));
  }
  const losing = reached.filter(({ fate }) => fate !== 'blocks').map(({ name }) => name);
  const secrets = await secretColumnsOf(connection, [tables[record.relation], ...losing]);
  return {
    reached: inOrder(reached, keys),
    secrets,
    unseen: [...unseen],
    watched: await readWatched(connection, [
      tables[record.relation],
      ...reached.filter(({ fate }) => fate === 'deleted').map(({ name }) => name),
    ]),
  };
}

/** Another transaction holds a row that would go: none is waited for while others are held. */
function throwHeld(error: unknown): never {
  if (error instanceof pg.DatabaseError && error.code === '55P03') {
    throw new AppError('conflict', say('changes.held'), { details: detailsOf(error), cause: error });
  }
  throw error;
}

async function rootOf({ select }: Connection, relation: RelationName): Promise<string> {
  const [row] = await select(
    z.strictObject({ oid: z.string() }),
    sql`SELECT ${tables[relation]}::regclass::oid::text AS oid`,
  );
  if (row === undefined) throw new Error(`no table ${relation}`);
  return row.oid;
}

/** SQL: the table of a foreign key; not those that inherit from it, which no foreign key of it reaches. */
function relationOf(key: ForeignKey): SQL {
  const only = key.is_partitioned ? sql`` : sql`ONLY `;
  return sql`${only}${sql.identifier(key.child_schema)}.${sql.identifier(key.child_name)}`;
}

const nameOf = (key: ForeignKey): string => `${key.child_schema}.${key.child_name}`;

/** Whether the rows of a table can be counted; a table of which that can't be said is remembered. */
function isSeen(key: ForeignKey, unseen: Set<string>): boolean {
  if (!key.is_followable) unseen.add(nameOf(key));
  return key.is_followable;
}

/** SQL: the columns of the row `c` by which others refer to it, as text. */
function referredColumns({ incoming }: Followed): SQL {
  const columns = new Set(incoming.flatMap(({ parent_columns: names }) => names));
  if (columns.size === 0) return sql`'{}'::jsonb`;
  const pairs = [...columns].map((name) => sql`${name}::text, c.${sql.identifier(name)}::text`);
  return sql`jsonb_build_object(${sql.join(pairs, sql`, `)})`;
}

const lockOf = (lock: 'lock' | 'look'): SQL => (lock === 'lock' ? sql`FOR UPDATE OF c NOWAIT` : sql``);

async function rowsOfRecords(
  { select }: Connection,
  table: Followed,
  record: RecordTable,
  ids: readonly string[],
  lock: 'lock' | 'look',
): Promise<Going[]> {
  const rows = await select(
    followedRow,
    sql`
    SELECT ${placeOf} AS place, c.id::text AS root, ${referredColumns(table)} AS "values"
    FROM ${table.relation} AS c WHERE c.id = ANY(${sql.param([...ids])}::${sql.raw(record.idType)}[])
    ORDER BY c.id ${lockOf(lock)}`,
  );
  return rows.map((row) => ({ ...row, oid: table.oid }));
}

async function rowsOfChild(
  { select }: Connection,
  table: Followed,
  key: ForeignKey,
  parents: readonly Going[],
  lock: 'lock' | 'look',
): Promise<Going[]> {
  const rows = await select(
    followedRow,
    sql`
    SELECT ${placeOf} AS place, p.root, ${referredColumns(table)} AS "values"
    FROM ${table.relation} AS c JOIN ${parentsOf(key, parents)} ON ${refersTo(key)}
    ORDER BY 1 LIMIT ${mostFollowed + 1} ${lockOf(lock)}`,
  );
  if (rows.length > mostFollowed) throw tooMany();
  return rows.map((row) => ({ ...row, oid: table.oid }));
}

const tooMany = (): AppError =>
  new AppError('validation', say('changes.cascade.tooManyRows', { limit: mostFollowed }), {
    hint: say('changes.cascade.tooManyRowsHint'),
  });

/** SQL: the rows that are referred to, as `p`. */
function parentsOf(key: ForeignKey, parents: readonly Going[]): SQL {
  const rows = parents.map(({ root, values }) => ({
    root,
    ...Object.fromEntries(key.parent_columns.map((name, place) => [`c${String(place)}`, values[name]])),
  }));
  const columns = key.parent_types.map((type, place) => sql.raw(`c${String(place)} ${type}`));
  return sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS p (${sql.join([sql.raw('root text'), ...columns], sql`, `)})`;
}

/** SQL: whether the row `c` refers to the row `p`. */
function refersTo(key: ForeignKey): SQL {
  return sql.join(
    key.columns.map((name, place) => sql`c.${sql.identifier(name)} = p.${sql.raw(`c${String(place)}`)}`),
    sql` AND `,
  );
}

/** Remembers rows and answers those that were not known yet. */
function keep(going: Map<string, Map<string, Going>>, found: readonly Going[]): Going[] {
  const fresh: Going[] = [];
  for (const row of found) {
    const known = going.get(row.oid) ?? new Map<string, Going>();
    going.set(row.oid, known);
    if (known.has(row.place)) continue;
    known.set(row.place, row);
    fresh.push(row);
  }
  if ([...going.values()].reduce((sum, rows) => sum + rows.size, 0) > mostFollowed) throw tooMany();
  return fresh;
}

/** What becomes of the rows of one table that refer to rows that go. */
async function reachedIn(
  connection: Connection,
  keys: readonly ForeignKey[],
  going: ReadonlyMap<string, ReadonlyMap<string, Going>>,
  unseen: Set<string>,
): Promise<Reached[]> {
  const ways = keys
    .map((key) => ({ key, parents: [...(going.get(key.parent)?.values() ?? [])] }))
    .filter(({ key, parents }) => parents.length > 0 && isSeen(key, unseen));
  const [first] = ways;
  if (first === undefined) return [];
  const relation = relationOf(first.key);
  const shared = {
    relation,
    name: nameOf(first.key),
    schema: first.key.child_schema,
    table: first.key.child_name,
  };
  const deleting = ways.filter(({ key }) => key.action === 'cascade');
  const found: Reached[] = [];
  if (deleting.length > 0) {
    found.push({
      ...shared,
      fate: 'deleted',
      columns: [],
      primaryKey: [],
      comesBack: true,
      rows: everyRowOnce(relation, deleting, wholeRow),
      counts: await count(connection, everyRowOnce(relation, deleting, rootAlone)),
    });
  }
  // What goes for itself, by another way or as one of the records, is not blanked and keeps nothing from going.
  const goes = deleting.map(
    ({ key, parents }) => sql`EXISTS (SELECT FROM ${parentsOf(key, parents)} WHERE ${refersTo(key)})`,
  );
  const itself = [...(going.get(first.key.child)?.values() ?? [])].map(({ place }) => place);
  if (itself.length > 0) goes.push(sql`${placeOf} = ANY(${sql.param(itself)}::text[])`);
  for (const { key, parents } of ways) {
    if (key.action === 'cascade') continue;
    // What forbids looks in an order of its own, perhaps before the other way took its row along; only rows of one table
    // go by one statement.
    const forbids = key.action === 'restrict' || key.action === 'no action';
    const leavesOut = forbids && key.child !== key.parent ? [] : goes;
    const rowsWith = (
      columns: SQL,
    ): SQL => sql`SELECT ${columns} FROM ${relation} AS c JOIN ${parentsOf(key, parents)} ON ${refersTo(key)}
      ${leavesOut.length === 0 ? sql`` : sql`WHERE NOT (${sql.join(leavesOut, sql` OR `)})`}`;
    found.push({
      ...shared,
      fate: key.action === 'set null' || key.action === 'set default' ? 'blanked' : 'blocks',
      columns: key.blanked,
      primaryKey: key.primary_key,
      comesBack: key.action === 'set null' && key.primary_key.length > 0,
      rows: rowsWith(wholeRow),
      counts: await count(connection, rowsWith(rootAlone)),
    });
  }
  return found.filter(({ counts }) => counts.size > 0);
}

const placeOf = sql.raw('c.tableoid::text || c.ctid::text');

/** What the id of the record is called in `Reached.rows`: no table has a column of this name. */
export const rootColumn = sql.raw('"litemaas: root"');

const wholeRow = sql`c.*, p.root AS ${rootColumn}`;
/** Enough to count: who may not read every column sees what goes all the same. */
const rootAlone = sql`p.root AS ${rootColumn}`;

/** SQL: the rows that go by one way or several. */
function everyRowOnce(
  relation: SQL,
  ways: readonly { key: ForeignKey; parents: readonly Going[] }[],
  columns: SQL,
): SQL {
  const [only] = ways;
  if (ways.length === 1 && only) {
    return sql`SELECT ${columns} FROM ${relation} AS c JOIN ${parentsOf(only.key, only.parents)} ON ${refersTo(only.key)}`;
  }
  const found = ways.map(
    ({ key, parents }) =>
      sql`SELECT c.tableoid AS place_table, c.ctid AS place, p.root FROM ${relation} AS c JOIN ${parentsOf(key, parents)} ON ${refersTo(key)}`,
  );
  return sql`SELECT ${columns} FROM ${relation} AS c JOIN (
    SELECT place_table, place, min(root) AS root FROM (${sql.join(found, sql` UNION ALL `)}) AS each GROUP BY 1, 2
  ) AS p ON p.place_table = c.tableoid AND p.place = c.ctid`;
}

async function count({ select }: Connection, rows: SQL): Promise<Map<string, number>> {
  const found = await select(
    countRow,
    sql`SELECT r.${rootColumn} AS root, count(*)::int AS total FROM (${rows}) AS r GROUP BY 1`,
  );
  return new Map(found.map(({ root, total }) => [root, total]));
}

/**
 * Looks after records were deleted whether all went that was to go with them: a trigger of a site's own can keep a row,
 * which then refers to nobody.
 * @returns the first table of which a row is still there; NULL where none is.
 */
export async function findKeptByTrigger(
  { select }: Connection,
  { reached, watched }: Cascade,
  ids: readonly string[],
): Promise<string | null> {
  for (const { name, fate, rows } of reached) {
    if (fate !== 'deleted' || !watched.includes(name)) continue;
    const left = await select(
      countRow,
      sql`SELECT r.${rootColumn} AS root, count(*)::int AS total FROM (${rows}) AS r
        WHERE r.${rootColumn} = ANY(${sql.param([...ids])}::text[]) GROUP BY 1 LIMIT 1`,
    );
    if (left.length > 0) return name;
  }
  return null;
}

const triggerRow = z.strictObject({ name: z.string() });

/** Tables of which rows go and that have triggers or rules of a site's own for it: what those do is not known. */
async function readWatched({ select }: Connection, names: readonly string[]): Promise<string[]> {
  const rows = await select(
    triggerRow,
    sql`
    SELECT DISTINCT n.nspname || '.' || t.relname AS name
    FROM pg_class AS t JOIN pg_namespace AS n ON n.oid = t.relnamespace
    WHERE n.nspname || '.' || t.relname = ANY(${sql.param([...names])}::text[]) AND (
      EXISTS (
        SELECT FROM pg_trigger AS g JOIN pg_proc AS f ON f.oid = g.tgfoid
        WHERE g.tgrelid = t.oid AND NOT g.tgisinternal AND g.tgenabled <> 'D' AND g.tgtype & 8 <> 0
          AND NOT g.tgname = ANY(${sql.param(ownTriggers)}::text[]))
      OR EXISTS (SELECT FROM pg_rewrite AS r WHERE r.ev_class = t.oid AND r.ev_type = '4'))
    ORDER BY 1 LIMIT 100`,
  );
  return rows.map(({ name }) => name);
}

/** The triggers on deletions that the routines of the migrations make. */
const ownTriggers = ['record_subscription_delete', 'keep_api_keys_restricted', 'update_usage_on_removal'];

/** Tables in an order in which whoever refers to a row comes after it, as far as there is one. */
function inOrder(reached: readonly Reached[], keys: readonly ForeignKey[]): Reached[] {
  const names = new Set(reached.map(({ name }) => name));
  const placed: string[] = [];
  const waitsFor = (name: string): string[] =>
    keys
      .filter((key) => nameOf(key) === name)
      .flatMap((key) => keys.filter((other) => other.child === key.parent).map(nameOf))
      .filter((other) => other !== name && names.has(other));
  let left = [...names];
  while (left.length > 0) {
    const ready = left.filter((name) => waitsFor(name).every((other) => placed.includes(other)));
    // Tables that refer to each other have no order.
    placed.push(...(ready.length > 0 ? ready : left));
    left = left.filter((name) => !placed.includes(name));
  }
  return [...reached].sort((a, b) => placed.indexOf(a.name) - placed.indexOf(b.name));
}
