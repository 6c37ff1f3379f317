import { sql } from 'drizzle-orm';
import * as z from 'zod';
import { bigInteger } from '../../../shared/contract/values';
import type { Connection } from '../../postgres/database';
import { say } from '../../kernel/say';
import { facts, identifier, qualified } from '../checks/check';
import { buildIndexes, runsBesideWriters } from './build-indexes';
import { loadExpectedObjects } from '../catalogue/expected-objects';
import { durationOfBytes, type Repair, type RepairOf } from './repair';

/**
 * Creates an index of the migrations that is missing, beside the writers. PostgreSQL builds none concurrently over a
 * partitioned table: there each partition gets its part, which is then attached to an empty parent.
 */
export const createIndex: Repair<RepairOf<'create_index'>> = {
  mode: 'outside',
  async plan(connection, { schema, index }) {
    const expected = (await loadExpectedObjects()).index(schema, index);
    if (expected?.creation === undefined || expected.relation === null) return null;
    const { creation, relation } = expected;
    const state = await readState(connection, schema, relation, index);
    const statements = await statementsFor(connection, state, { creation, schema, table: relation, index });
    if (statements.length === 0) return null;
    const [size] = await connection.select(
      tableSize,
      // The tree of a table that is not partitioned has no rows, not even the table.
      sql`SELECT (
         CASE relkind
           WHEN 'p' THEN (SELECT sum(pg_table_size(tree.relid)) FROM pg_partition_tree(oid) AS tree)
           ELSE pg_table_size(oid)
         END
       )::text AS bytes
       FROM pg_class WHERE oid = to_regclass(${qualified(schema, expected.relation)})`,
    );
    const bytes = size?.bytes ?? '0';
    return {
      title: say('health.repair.title.create_index'),
      facts: facts(
        [say('health.indexes.table'), qualified(schema, expected.relation), 'code'],
        [say('health.indexes.definition'), expected.creation, 'code'],
        [say('health.repair.toRead'), bytes, 'bytes'],
      ),
      statements,
      blocks: statements.every(runsBesideWriters) ? 'schema_changes' : 'log_for_an_instant',
      duration: durationOfBytes(Number(bytes)),
      // One that is there is not complete yet.
      before: state.index_is_valid === null ? null : { valid: state.index_is_valid },
    };
  },
  async run(work, { schema, index }, { title, statements }) {
    await buildIndexes(work, title, statements);
    return {
      summary: say('health.repair.indexDone', { index: qualified(schema, index) }),
      after: { valid: true },
    };
  },
};

async function readState(
  { select }: Connection,
  schema: string,
  table: string,
  index: string,
): Promise<z.infer<typeof indexState>> {
  const [state] = await select(
    indexState,
    sql`SELECT
       (SELECT relkind FROM pg_class WHERE oid = to_regclass(${qualified(schema, table)})) AS table_kind,
       (SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(${qualified(schema, index)})) AS index_is_valid`,
  );
  return state ?? { table_kind: null, index_is_valid: null };
}

async function statementsFor(
  connection: Connection,
  { table_kind: tableKind, index_is_valid: isValid }: z.infer<typeof indexState>,
  wanted: {
    readonly creation: string;
    readonly schema: string;
    readonly table: string;
    readonly index: string;
  },
): Promise<string[]> {
  const { creation, schema, table, index } = wanted;
  if (tableKind === null || isValid === true) return [];
  if (tableKind !== 'p') {
    // One that is there and invalid is built again, not created.
    return isValid === null ? [`${concurrently(creation)};`] : [];
  }
  return [
    ...(isValid === null ? [`${creation};`] : []),
    ...(await partsFor(connection, creation, schema, table, index)),
  ];
}

const concurrently = (creation: string): string =>
  creation.replace(/^CREATE (UNIQUE )?INDEX /, 'CREATE $1INDEX CONCURRENTLY ');

const tableSize = z.strictObject({ bytes: bigInteger.nullable() });
const indexState = z.strictObject({
  table_kind: z.string().nullable(),
  index_is_valid: z.boolean().nullable(),
});
const partitionRow = z.strictObject({
  schema: z.string(),
  name: z.string(),
  /** Whether a part that an earlier run made is valid; NULL where there is none. */
  part_is_valid: z.boolean().nullable(),
});

async function partsFor(
  connection: Connection,
  creation: string,
  schema: string,
  table: string,
  index: string,
): Promise<string[]> {
  const partName = (partition: string): string => `${partition}_${index}`.slice(0, 63);
  const rows = await connection.select(
    partitionRow,
    sql`SELECT n.nspname AS schema, c.relname AS name, (
       SELECT x.indisvalid FROM pg_class part
       JOIN pg_index x ON x.indexrelid = part.oid
       WHERE x.indrelid = c.oid AND part.relname = left(c.relname || '_' || ${index}::text, 63)
     ) AS part_is_valid
     FROM pg_partition_tree(to_regclass(${qualified(schema, table)})) AS tree
     JOIN pg_class c ON c.oid = tree.relid
     JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE tree.isleaf AND NOT EXISTS (
       SELECT FROM pg_inherits i
       JOIN pg_index x ON x.indexrelid = i.inhrelid
       WHERE i.inhparent = to_regclass(${qualified(schema, index)}) AND x.indrelid = c.oid AND x.indisvalid
     )
     ORDER BY 1, 2`,
  );
  return rows.flatMap((partition) => {
    const part = partName(partition.name);
    const beginning = `INDEX CONCURRENTLY ${identifier(part)} ON ${qualified(partition.schema, partition.name)}`;
    const create = `${concurrently(creation).replace(/INDEX CONCURRENTLY \S+ ON ONLY \S+/, () => beginning)};`;
    return [
      ...(partition.part_is_valid === false
        ? [`DROP INDEX CONCURRENTLY ${qualified(partition.schema, part)};`]
        : []),
      ...(partition.part_is_valid === true ? [] : [create]),
      `ALTER INDEX ${qualified(schema, index)} ATTACH PARTITION ${qualified(partition.schema, part)};`,
    ];
  });
}
