import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { HealthFinding } from '../../../shared/contract/health';
import { bigInteger } from '../../../shared/contract/values';
import type { Connection } from '../../postgres/database';
import { say } from '../../kernel/say';
import { type Check, facts, literal, qualified } from './check';
import { type ExpectedObjects, loadExpectedObjects } from '../catalogue/expected-objects';
import { type InvalidIndex, readInvalidIndexes } from './invalid-indexes';
import { readUnvalidatedConstraints, type UnvalidatedConstraint } from './unvalidated-constraints';

const changedCollation = z.strictObject({
  name: z.string(),
  built_with: z.string(),
  now: z.string(),
  indexes: bigInteger,
});
type ChangedCollation = z.infer<typeof changedCollation>;
const knownVersion = z.strictObject({ known: z.boolean() });

/** Indexes that are not used, constraints that are not proved, and sort orders that changed underneath. */
export const checkIndexes: Check = async ({ connection, isOurs }) => {
  const invalid = await readInvalidIndexes(connection.client);
  const unvalidated = await readUnvalidatedConstraints(connection);
  const expected = isOurs ? await loadExpectedObjects() : null;
  return {
    findings: [
      ...invalid.map((index) => toIndexFinding(index, expected)),
      ...unvalidated.map((constraint) => toConstraintFinding(constraint, expected)),
      ...(await readChangedCollations(connection)),
    ],
  };
};

function toIndexFinding(index: InvalidIndex, expected: ExpectedObjects | null): HealthFinding {
  const name = qualified(index.schema, index.name);
  return {
    id: `index:${name}`,
    severity: index.is_unique ? 'error' : 'warning',
    title: say('health.indexes.invalid', { index: name }),
    meaning: say(meaningOfInvalid(index)),
    object: name,
    facts: facts(
      [say('health.indexes.table'), qualified(index.schema, index.table_name), 'code'],
      [say('health.size'), index.size_bytes, 'bytes'],
      [say('health.indexes.tableSize'), index.table_bytes, 'bytes'],
      [say('health.indexes.definition'), index.definition, 'code'],
    ),
    evidenceSql: `SELECT indisvalid, indisready, indislive\nFROM pg_index\nWHERE indexrelid = ${literal(name)}::regclass;`,
    repair: indexRepair(index, expected),
  };
}

/** A leftover of a rebuild is to be dropped, and what is somebody's own is theirs. */
function indexRepair(
  { schema, name, table_name: table, is_leftover: isLeftover, is_partitioned: isPartitioned }: InvalidIndex,
  expected: ExpectedObjects | null,
): HealthFinding['repair'] {
  if (expected === null || isLeftover || !expected.ownsIndex(schema, table, name)) return null;
  if (!isPartitioned) return { kind: 'reindex', schema, index: name };
  // What lacks over all partitions is created; a constraint's index is the constraint's.
  return expected.index(schema, name) === undefined ? null : { kind: 'create_index', schema, index: name };
}

function meaningOfInvalid({ is_leftover, is_partitioned, is_unique }: InvalidIndex) {
  if (is_leftover) return 'health.indexes.leftoverMeaning';
  if (is_partitioned) return 'health.indexes.partitionedMeaning';
  return is_unique ? 'health.indexes.invalidUniqueMeaning' : 'health.indexes.invalidMeaning';
}

function toConstraintFinding(
  constraint: UnvalidatedConstraint,
  expected: ExpectedObjects | null,
): HealthFinding {
  const { schema, table_name: table, name } = constraint;
  return {
    id: `constraint:${qualified(schema, table)}.${name}`,
    severity: 'warning',
    title: say('health.indexes.unvalidated', { constraint: name, table: qualified(schema, table) }),
    meaning: say('health.indexes.unvalidatedMeaning'),
    object: `${qualified(schema, table)}.${name}`,
    facts: facts(
      [say('health.indexes.definition'), constraint.definition, 'code'],
      [say('health.rowsEstimated'), constraint.estimated_rows, 'count'],
    ),
    evidenceSql: `SELECT conname, convalidated, pg_get_constraintdef(oid)\nFROM pg_constraint\nWHERE conrelid = ${literal(qualified(schema, table))}::regclass AND conname = ${literal(name)};`,
    repair:
      expected?.ownsConstraint(schema, table, name) === true
        ? { kind: 'validate_constraint', schema, table, constraint: name }
        : null,
  };
}

/** Collations whose library sorts differently since the indexes were built: text may not be found any more. */
async function readChangedCollations(connection: Connection): Promise<HealthFinding[]> {
  const rows = await connection.select(
    changedCollation,
    sql`
    SELECT quote_ident(n.nspname) || '.' || quote_ident(c.collname) AS name, c.collversion AS built_with,
      pg_collation_actual_version(c.oid) AS now,
      (
        SELECT count(*) FROM pg_index x WHERE c.oid = ANY (x.indcollation::oid[])
      )::text AS indexes
    FROM pg_collation c
    JOIN pg_namespace n ON n.oid = c.collnamespace
    WHERE EXISTS (SELECT FROM pg_index x WHERE c.oid = ANY (x.indcollation::oid[]))
      AND c.collversion <> pg_collation_actual_version(c.oid)
    ORDER BY 1`,
  );
  return [...rows, ...(await readChangedDefault(connection))].map(
    ({ name, built_with: builtWith, now, indexes }) => ({
      id: `collation:${name}`,
      severity: 'error',
      title: say('health.indexes.collation', { collation: name }),
      meaning: say('health.indexes.collationMeaning'),
      object: name,
      facts: facts(
        [say('health.indexes.builtWith'), builtWith, 'code'],
        [say('health.indexes.sortsWith'), now, 'code'],
        [say('health.indexes.affected'), indexes, 'count'],
      ),
      evidenceSql: `SELECT collname, collversion, pg_collation_actual_version(oid)\nFROM pg_collation\nWHERE collversion <> pg_collation_actual_version(oid);`,
      repair: null,
    }),
  );
}

/** The database's own collation: its version is kept from 15 on. */
async function readChangedDefault({ select }: Connection): Promise<ChangedCollation[]> {
  const [version] = await select(
    knownVersion,
    sql`SELECT to_regproc('pg_database_collation_actual_version') IS NOT NULL AS known`,
  );
  if (version?.known !== true) return [];
  return select(
    changedCollation,
    sql`
    SELECT quote_ident(d.datname) AS name, d.datcollversion AS built_with,
      pg_database_collation_actual_version(d.oid) AS now,
      (SELECT count(*) FROM pg_index x WHERE 100 = ANY (x.indcollation::oid[]))::text AS indexes
    FROM pg_database d
    WHERE d.datname = current_database() AND d.datcollversion <> pg_database_collation_actual_version(d.oid)`,
  );
}
