import { getTableColumns, is, type SQL, sql } from 'drizzle-orm';
import { type PgColumn, PgEnumColumn, type PgTable } from 'drizzle-orm/pg-core';
import * as z from 'zod';
import type { AuditResourceType } from '../../shared/contract/audit';
import { type ChangeValue, changeValue, recordVersion } from '../../shared/contract/changes';
import { compareDecimals, isDecimal } from '../../shared/decimal';
import { grouped } from '../../shared/grouped';
import type { Connection } from '../postgres/database';
import { from, type RelationName, table } from '../postgres/relations';

/** The kinds of record that changes know, as journal and outbox call them. */
export type RecordKind = (typeof recordKinds)[number];

/** Parents before what refers to them: made in this order, and locked; deleted in the other. */
export const recordKinds = [
  'user',
  'team',
  'model',
  'model_price',
  'subscription',
  'api_key',
  'team_member',
] as const;

/** What else the journal knows: changes whose machinery is their own (`record-change.ts`). */
export type OwnKind = 'database' | 'litellm' | 'setting' | 'api_key';

/**
 * What of a record changes write, by the contract's names, and the column people know it by. A record that is not there
 * (yet, or any more) has the image `nothing`.
 */
export type Image = Readonly<Record<string, ChangeValue>>;

export const nothing: Image = {};

/** Whether an image is that of a record that is there. */
export function isThere(image: Image): boolean {
  return Object.keys(image).length > 0;
}

interface Column {
  readonly name: string;
  /** The type as SQL names it under a path of `pg_catalog` alone. */
  readonly type: string;
}

/** A list of texts that belongs to a record and is kept outside its columns, such as the models of an API key. */
export interface KeptList {
  /** Where most of it is. */
  readonly relation: RelationName;
  /** SQL: the list of the row `alias` as an array of text, in one order. */
  read(alias: string): SQL;
  /**
   * The statements that make lists what is wanted.
   * @param wanted a relation with `id` and `list`, an array of text.
   */
  write(wanted: SQL): readonly SQL[];
}

/** A documented table as changes read and write it, made from its Drizzle mirror. */
export interface RecordTable {
  readonly kind: RecordKind;
  readonly resourceType: AuditResourceType;
  readonly relation: RelationName;
  readonly idType: 'uuid' | 'text';
  /** By the contract's name: what can be changed, what is said when it is made, and the label. */
  readonly columns: ReadonlyMap<string, Column>;
  /** By the contract's name: what belongs to it and is kept elsewhere. */
  readonly lists: ReadonlyMap<string, KeptList>;
  /** What a person may change: the record's version is made of it. */
  readonly editable: readonly string[];
  /** What the journal says of each change besides what changed: an undo asks for it to be still so. */
  readonly context: readonly string[];
  /** The column by which people recognise the record. */
  readonly label: string;
  /** What the audit trail says of the record in any case; NULL where its entries are about the record itself. */
  readonly audited: AuditedAs | null;
}

/** A record whose changes are entries about another one, by the columns of the contract. */
interface AuditedAs {
  /** Holds the id of the record that the entries are about. */
  readonly resourceId: string;
  /** Said in the metadata, changed or not. */
  readonly facts: readonly string[];
}

/**
 * Describes a table for changes.
 * @param mirror the table in `schema.ts`.
 */
export function recordTable<Table extends PgTable, List extends string = never>(
  mirror: Table,
  options: Pick<RecordTable, 'kind' | 'resourceType' | 'relation' | 'idType'> & {
    readonly editable: readonly ((keyof Table['_']['columns'] & string) | NoInfer<List>)[];
    readonly lists?: Readonly<Record<List, KeptList>>;
    /** What is said once, when the record is made. */
    readonly fixed?: readonly (keyof Table['_']['columns'] & string)[];
    readonly context?: readonly (keyof Table['_']['columns'] & string)[];
    readonly label: keyof Table['_']['columns'] & string;
    readonly audited?: AuditedAs;
  },
): RecordTable {
  const mirrored: Readonly<Record<string, PgColumn>> = getTableColumns(mirror);
  const columns = new Map<string, Column>();
  for (const name of new Set<string>([...options.editable, ...(options.fixed ?? []), options.label])) {
    const column = mirrored[name];
    if (column) columns.set(name, { name: column.name, type: typeOf(column) });
  }
  const { kind, resourceType, relation, idType, editable, context = [], label, audited = null } = options;
  const lists = new Map<string, KeptList>(Object.entries(options.lists ?? {}));
  return { kind, resourceType, relation, idType, editable, context, label, audited, columns, lists };
}

/** Types of the documented schema are named with it: no path leads there. */
function typeOf(column: PgColumn): string {
  const type = column.getSQLType();
  return is(column, PgEnumColumn) ? `public.${type}` : type;
}

/** SQL: what the row `alias` holds, as jsonb. Numbers and instants are text, spelled one way. */
function imageOf(record: RecordTable, alias: string): SQL {
  const fields = [
    ...[...record.columns].map(([name, column]) => [name, spelled(column, alias)] as const),
    ...[...record.lists].map(([name, list]) => [name, list.read(alias)] as const),
  ];
  return sql`jsonb_build_object(${sql.join(
    fields.map(([name, value]) => sql`${literal(name)}, ${value}`),
    sql`, `,
  )})`;
}

/** SQL: the version of the row `alias`, a hash of what can be edited. */
export function versionOf(record: RecordTable, alias: string): SQL {
  const values = record.editable.map(
    (name) => record.lists.get(name)?.read(alias) ?? spelled(columnOf(record, name), alias),
  );
  return sql`left(encode(sha256(convert_to(jsonb_build_array(${sql.join(values, sql`, `)})::text, 'UTF8')), 'hex'), 32)`;
}

function spelled({ name, type }: Column, alias: string): SQL {
  const column = sql`${sql.identifier(alias)}.${sql.identifier(name)}`;
  if (type.startsWith('numeric')) return sql`trim_scale(${column})::text`;
  // Arrays may hold NULLs, which are no value of ours.
  if (type === 'text[]') return sql`array_remove(${column}, NULL)`;
  if (type === 'boolean') return column;
  if (type === 'jsonb') return listOrText(column);
  if (type === 'timestamp with time zone') return instantText(column);
  return sql`${column}::text`;
}

/** SQL: an instant as the contract spells it. */
export function instantText(column: SQL): SQL {
  return sql`CASE WHEN ${column} > '0001-01-01' AND ${column} < 'infinity'
    THEN to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') ELSE ${column}::text END`;
}

/** SQL: a list of texts as it is; any other JSON as the text of it. */
function listOrText(column: SQL): SQL {
  return sql`CASE WHEN jsonb_typeof(${column}) = 'array' AND NOT ${column} @? 'strict $[*] ? (@.type() <> "string")'
    THEN ${column} ELSE to_jsonb(${column}::text) END`;
}

/** SQL: what is written into a column of what `spelled` made of it. */
function givenOf(field: string, { type }: Column): SQL {
  const given = sql`new.${sql.identifier(field)}`;
  if (type !== 'jsonb') return given;
  return sql`CASE WHEN jsonb_typeof(${given}) = 'string' THEN (${given} #>> '{}')::jsonb ELSE ${given} END`;
}

const literal = (name: string): SQL => sql.raw(`'${name}'`);

function columnOf(record: RecordTable, name: string): Column {
  const column = record.columns.get(name);
  if (column === undefined) throw new Error(`no column ${name} of ${record.relation}`);
  return column;
}

const imageRow = z.strictObject({
  id: z.string(),
  version: recordVersion,
  image: z.record(z.string(), changeValue),
});
export interface RecordNow {
  readonly id: string;
  readonly version: string;
  readonly image: Image;
}

/** What records are now, by id; those that are not there are left out. */
export function readRecordsNow(
  connection: Connection,
  record: RecordTable,
  ids: readonly string[],
): Promise<Map<string, RecordNow>> {
  return readRecords(connection, record, ids, sql``);
}

/**
 * What records are now, held until the transaction ends. Those that another transaction holds are not waited for: whoever
 * waits holds the others meanwhile, and two that wait for each other never end. They come back apart, as they are for
 * everybody else.
 */
export async function lockRecords(
  connection: Connection,
  record: RecordTable,
  ids: readonly string[],
): Promise<{ readonly records: Map<string, RecordNow>; readonly held: Map<string, RecordNow> }> {
  const locked = await readRecords(connection, record, ids, sql`FOR NO KEY UPDATE SKIP LOCKED`);
  // The statement that locks may have seen the lists of a record as they were before another one let it go.
  const records =
    record.lists.size === 0 ? locked : await readRecordsNow(connection, record, [...locked.keys()]);
  const held = await readRecordsNow(
    connection,
    record,
    ids.filter((id) => !records.has(id)),
  );
  return { records, held };
}

async function readRecords(
  { select }: Connection,
  record: RecordTable,
  ids: readonly string[],
  lock: SQL,
): Promise<Map<string, RecordNow>> {
  if (ids.length === 0) return new Map();
  const rows = await select(
    imageRow,
    sql`
    SELECT r.id::text AS id, ${versionOf(record, 'r')} AS version, ${imageOf(record, 'r')} AS image
    FROM ${from(record.relation, 'r')} WHERE r.id = ANY(${sql.param([...ids])}::${sql.raw(record.idType)}[])
    ORDER BY r.id ${lock}`,
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** What to write: the fields and their new values. */
export interface RecordWrite {
  readonly id: string;
  readonly way: Way;
  readonly set: Image;
}

/** What becomes of a record: it is made, changed, or taken out of the table. */
export type Way = 'create' | 'update' | 'delete';

/**
 * The statement that writes the same fields of many records, each with its own values.
 * @param values the records: JSON of them, or of their ids where they are deleted.
 */
function writeStatement(record: RecordTable, way: Way, fields: readonly string[], values: SQL): SQL {
  const relation = table(record.relation);
  if (way === 'delete') {
    return sql`DELETE FROM ${relation} AS r USING jsonb_to_recordset(${values}::jsonb) AS gone (id ${sql.raw(record.idType)}) WHERE r.id = gone.id`;
  }
  const columns = fields.map((field) => ({ field, column: columnOf(record, field) }));
  const definitions = [
    sql`id ${sql.raw(record.idType)}`,
    ...columns.map(({ field, column }) => sql`${sql.identifier(field)} ${sql.raw(column.type)}`),
  ];
  const rows = sql`jsonb_to_recordset(${values}::jsonb) AS new (${sql.join(definitions, sql`, `)})`;
  if (way === 'create') {
    const names = columns.map(({ column }) => sql`, ${sql.identifier(column.name)}`);
    const given = columns.map(({ field, column }) => sql`, ${givenOf(field, column)}`);
    return sql`INSERT INTO ${relation} AS r (id${sql.join(names)}) SELECT new.id${sql.join(given)} FROM ${rows}`;
  }
  const assignments = columns.map(
    ({ field, column }) => sql`${sql.identifier(column.name)} = ${givenOf(field, column)}`,
  );
  return sql`UPDATE ${relation} AS r SET ${sql.join(assignments, sql`, `)} FROM ${rows} WHERE r.id = new.id`;
}

/**
 * Writes the records and answers what they are afterwards, triggers included; a record that is deleted is `nothing`.
 * Records with the same fields go together.
 * @throws AppError as the database refuses them.
 */
export async function writeRecords(
  connection: Connection,
  record: RecordTable,
  writes: readonly RecordWrite[],
): Promise<Map<string, RecordNow>> {
  const { select } = connection;
  const after = new Map<string, RecordNow>();
  for (const group of byFields(writes)) {
    const { way = 'update', set = nothing } = group[0] ?? {};
    const fields = Object.keys(set).sort();
    const values = sql`${JSON.stringify(group.map((write) => ({ ...write.set, id: write.id })))}`;
    if (fields.some((field) => record.lists.has(field))) {
      const written = await writeLists(connection, record, way, fields, values);
      const ids = group.map(({ id }) => id).filter((id) => written?.has(id) ?? true);
      for (const [id, row] of await readRecordsNow(connection, record, ids)) after.set(id, row);
      continue;
    }
    const rows = await select(
      imageRow,
      sql`${writeStatement(record, way, fields, values)}
      RETURNING r.id::text AS id, ${versionOf(record, 'r')} AS version, ${imageOf(record, 'r')} AS image`,
    );
    for (const row of rows) after.set(row.id, way === 'delete' ? { ...row, image: nothing } : row);
  }
  return after;
}

const writtenRow = z.strictObject({ id: z.string() });

/**
 * Writes records some of whose fields are lists kept elsewhere: the row first, which the lists refer to.
 * @returns the rows that were written; NULL where none had to be.
 */
async function writeLists(
  { select, run }: Connection,
  record: RecordTable,
  way: Way,
  fields: readonly string[],
  values: SQL,
): Promise<ReadonlySet<string> | null> {
  const [statement, ...lists] = writeStatements(record, way, fields, values);
  const hasRow = way === 'create' || fields.some((field) => record.columns.has(field));
  const rows =
    hasRow && statement !== undefined
      ? await select(writtenRow, sql`${statement} RETURNING r.id::text AS id`)
      : null;
  for (const list of hasRow || statement === undefined ? lists : [statement, ...lists]) await run(list);
  return rows === null ? null : new Set(rows.map(({ id }) => id));
}

/** All statements that write the same fields of many records, the lists kept elsewhere among them. */
export function writeStatements(
  record: RecordTable,
  way: Way,
  fields: readonly string[],
  values: SQL,
): SQL[] {
  const inRow = fields.filter((field) => !record.lists.has(field));
  const row = way !== 'update' || inRow.length > 0 ? [writeStatement(record, way, inRow, values)] : [];
  return [...row, ...fields.flatMap((field) => listStatements(record, field, values))];
}

function listStatements(record: RecordTable, field: string, values: SQL): readonly SQL[] {
  const name = sql.identifier(field);
  const wanted = sql`(SELECT new.id, new.${name} AS list
    FROM jsonb_to_recordset(${values}::jsonb) AS new (id ${sql.raw(record.idType)}, ${name} text[]))`;
  return record.lists.get(field)?.write(wanted) ?? [];
}

function byFields(writes: readonly RecordWrite[]): RecordWrite[][] {
  return [...grouped(writes, ({ way, set }) => [way, ...Object.keys(set).sort()].join()).values()];
}

/** Whether two values are the same: lists in their order, numbers as numbers are (`10` and `10.00`). */
export function isSame(record: RecordTable, field: string, a: ChangeValue, b: ChangeValue): boolean {
  if (record.columns.get(field)?.type === 'timestamp with time zone') {
    return instantKey(a) === instantKey(b);
  }
  if (record.lists.has(field)) return JSON.stringify(a) === JSON.stringify(b);
  const isNumber = /^(?:numeric|bigint|integer)/.test(columnOf(record, field).type);
  if (isNumber && typeof a === 'string' && typeof b === 'string' && isDecimal(a) && isDecimal(b)) {
    return compareDecimals(a, b) === 0;
  }
  return JSON.stringify(a) === JSON.stringify(b);
}

/** An instant as journals may spell it: the contract's way, or PostgreSQL's own. */
function instantKey(value: ChangeValue): string {
  const parts = /^(\d{4,6}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,6}))?(?:Z|\+00)$/.exec(
    String(value),
  );
  if (parts === null) return JSON.stringify(value);
  const [, day = '', time = '', fraction = ''] = parts;
  return `${day} ${time}.${fraction.padEnd(6, '0')}`;
}
