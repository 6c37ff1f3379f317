import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { HealthFinding } from '../../../shared/contract/health';
import { bigInteger } from '../../../shared/contract/values';
import type { Connection } from '../../postgres/database';
import { say } from '../../kernel/say';
import { type Check, facts, literal, qualified } from './check';

/** From this share of its range on, a counter is a finding; from the second on it is an error. */
const nearLimit = 0.8;
const atLimit = 0.95;

/** Sequences and integer columns that come near the end of their type. Statistics only: no table is read. */
export const checkCapacity: Check = async ({ connection }) => ({
  findings: [...(await readSequences(connection)), ...(await readColumns(connection))],
});

const sequenceRow = z.strictObject({
  schema: z.string(),
  name: z.string(),
  column_name: z.string().nullable(),
  last_value: bigInteger,
  max_value: bigInteger,
  share: z.number(),
});

/** The limit is the smaller of the sequence's own and of the column it fills. */
async function readSequences({ select }: Connection): Promise<HealthFinding[]> {
  const rows = await select(
    sequenceRow,
    sql`WITH sequences AS (
       SELECT s.schemaname AS schema, s.sequencename AS name, s.last_value, owner.column_name,
         least(s.max_value, CASE owner.type WHEN 'int2' THEN 32767 WHEN 'int4' THEN 2147483647 ELSE s.max_value END)
           AS max_value
       FROM pg_sequences s
       JOIN pg_namespace n ON n.nspname = s.schemaname
       JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = s.sequencename
       LEFT JOIN LATERAL (
         SELECT d.refobjid::regclass::text || '.' || quote_ident(a.attname) AS column_name, t.typname AS type
         FROM pg_depend d
         JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
         JOIN pg_type t ON t.oid = a.atttypid
         WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
           AND d.objid = c.oid AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0
         LIMIT 1
       ) owner ON true
       WHERE s.last_value IS NOT NULL AND NOT s.cycle AND s.increment_by > 0
         AND s.schemaname !~ '^pg_temp'
     )
     SELECT schema, name, column_name, last_value::text, max_value::text,
       (last_value::numeric / max_value)::float8 AS share
     FROM sequences
     WHERE last_value > ${nearLimit}::float8 * max_value
     ORDER BY share DESC, schema, name
     LIMIT 200`,
  );
  return rows.map((row) => {
    const sequence = qualified(row.schema, row.name);
    return {
      id: `sequence:${sequence}`,
      severity: row.share >= atLimit ? 'error' : 'warning',
      title: say('health.capacity.sequence', { sequence }),
      meaning: say('health.capacity.sequenceMeaning'),
      object: row.column_name ?? sequence,
      facts: facts(
        [say('health.capacity.used'), String(row.share), 'share'],
        [say('health.capacity.lastValue'), row.last_value, 'count'],
        [say('health.capacity.limit'), row.max_value, 'count'],
        [say('health.capacity.column'), row.column_name, 'code'],
      ),
      evidenceSql: `SELECT last_value, max_value, data_type\nFROM pg_sequences\nWHERE schemaname = ${literal(row.schema)} AND sequencename = ${literal(row.name)};`,
      repair: null,
    };
  });
}

const columnRow = z.strictObject({
  schema: z.string(),
  table_name: z.string(),
  column_name: z.string(),
  type: z.string(),
  largest: bigInteger,
  limit: bigInteger,
  share: z.number(),
});

/**
 * By ANALYZE's sample, which sees the largest values of most columns and may miss some. The very last value of a type
 * is left out: LiteMaaS stores 2147483647 for "unlimited".
 */
async function readColumns({ select }: Connection): Promise<HealthFinding[]> {
  const rows = await select(
    columnRow,
    sql`WITH integers AS (
       SELECT n.nspname, c.relname, a.attname, format_type(a.atttypid, NULL) AS type,
         CASE t.typname WHEN 'int2' THEN 32767 WHEN 'int4' THEN 2147483647 ELSE 9223372036854775807 END AS "limit"
       FROM pg_class c
       JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
       JOIN pg_type t ON t.oid = a.atttypid AND t.typname IN ('int2', 'int4', 'int8')
       WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
     ), sampled AS (
       SELECT i.*, (
         SELECT max(value) FROM (
           SELECT unnest(s.histogram_bounds::text::bigint[]) AS value
           UNION ALL
           SELECT unnest(s.most_common_vals::text::bigint[])
         ) AS sample
         WHERE value < i."limit"
       ) AS largest
       FROM integers i
       JOIN pg_stats s ON s.schemaname = i.nspname AND s.tablename = i.relname AND s.attname = i.attname
     )
     SELECT nspname AS schema, relname AS table_name, attname AS column_name, type, largest::text,
       "limit"::text AS "limit", (largest::numeric / "limit")::float8 AS share
     FROM sampled
     WHERE largest > ${nearLimit}::float8 * "limit"
     ORDER BY share DESC, 1, 2, 3
     LIMIT 200`,
  );
  return rows.map((row) => {
    const column = `${qualified(row.schema, row.table_name)}.${row.column_name}`;
    return {
      id: `column:${column}`,
      severity: row.share >= atLimit ? 'error' : 'warning',
      title: say('health.capacity.columnNear', { column }),
      meaning: say('health.capacity.columnMeaning'),
      object: column,
      facts: facts(
        [say('health.capacity.used'), String(row.share), 'share'],
        [say('health.capacity.largest'), row.largest, 'count'],
        [say('health.capacity.limit'), row.limit, 'count'],
        [say('health.capacity.type'), row.type, 'code'],
      ),
      evidenceSql: `SELECT histogram_bounds, most_common_vals\nFROM pg_stats\nWHERE schemaname = ${literal(row.schema)} AND tablename = ${literal(row.table_name)} AND attname = ${literal(row.column_name)};`,
      repair: null,
    };
  });
}
