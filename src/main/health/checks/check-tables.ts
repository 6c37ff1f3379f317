import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { HealthFinding } from '../../../shared/contract/health';
import { bigInteger, instant } from '../../../shared/contract/values';
import type { Connection } from '../../postgres/database';
import { say } from '../../kernel/say';
import { type Check, facts, literal, qualified } from './check';

/** Ages in transactions: PostgreSQL's own vacuum begins at 200 million, the end is at 2,147 million. */
const oldTransactions = 500_000_000;
const endangeredTransactions = 1_500_000_000;
/** Dead rows beyond this many times what autovacuum waits for: it does not keep up. */
const overdueFactor = 3;
const smallestTable = 10_000;

/** Tables whose rows cannot be told apart, and those that vacuum does not keep up with. */
export const checkTables: Check = async ({ connection, isOurs }) => ({
  findings: [
    ...(await readWraparound(connection)),
    ...(await readVacuum(connection)),
    ...(await readWithoutKey(connection, isOurs)),
  ],
});

const userTables = sql`c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`;

const tableWithoutKey = z.strictObject({
  schema: z.string(),
  name: z.string(),
  rows: bigInteger.nullable(),
  bytes: bigInteger,
});
const oldObject = z.strictObject({ name: z.string(), kind: z.enum(['database', 'table']), age: z.int() });

async function readWithoutKey({ select }: Connection, isOurs: boolean): Promise<HealthFinding[]> {
  const rows = await select(
    tableWithoutKey,
    sql`SELECT n.nspname AS schema, c.relname AS name, CASE WHEN c.reltuples >= 0 THEN c.reltuples::bigint::text END AS rows,
       pg_relation_size(c.oid)::text AS bytes
     FROM pg_class c
     JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE ${userTables} AND NOT c.relispartition
       AND NOT EXISTS (SELECT FROM pg_index x WHERE x.indrelid = c.oid AND x.indisprimary)
       AND NOT EXISTS (
         SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
       )
       -- Ours without one have a unique key in which NULLs count as equal.
       AND NOT (${isOurs} AND n.nspname = 'litemaas_console')
     ORDER BY pg_relation_size(c.oid) DESC, 1, 2
     LIMIT 300`,
  );
  return rows.map(({ schema, name, rows: count, bytes }) => {
    const table = qualified(schema, name);
    return {
      id: `tables:key:${table}`,
      severity: 'info',
      title: say('health.tables.withoutKey', { table }),
      meaning: say('health.tables.withoutKeyMeaning'),
      object: table,
      facts: facts([say('health.rowsEstimated'), count, 'count'], [say('health.size'), bytes, 'bytes']),
      evidenceSql: `SELECT indexrelid::regclass, indisprimary\nFROM pg_index\nWHERE indrelid = ${literal(table)}::regclass;`,
      repair: null,
    };
  });
}

async function readWraparound({ select }: Connection): Promise<HealthFinding[]> {
  const rows = await select(
    oldObject,
    sql`SELECT current_database() AS name, 'database' AS kind, greatest(age(datfrozenxid), mxid_age(datminmxid)) AS age
     FROM pg_database
     WHERE datname = current_database() AND greatest(age(datfrozenxid), mxid_age(datminmxid)) > ${oldTransactions}
     UNION ALL
     (
       SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname), 'table',
         greatest(age(c.relfrozenxid), mxid_age(c.relminmxid))
       FROM pg_class c
       JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind IN ('r', 'm', 't') AND c.relfrozenxid <> '0'
         AND greatest(age(c.relfrozenxid), mxid_age(c.relminmxid)) > ${oldTransactions}
       ORDER BY 3 DESC
       LIMIT 20
     )`,
  );
  return rows.map(({ name, kind, age }) => ({
    id: `tables:wraparound:${kind}:${name}`,
    severity: age >= endangeredTransactions ? 'error' : 'warning',
    title: say(`health.tables.wraparound.${kind}`, { name }),
    meaning: say('health.tables.wraparoundMeaning'),
    object: name,
    facts: facts([say('health.tables.age'), String(age), 'count']),
    evidenceSql: `SELECT oid::regclass, age(relfrozenxid)\nFROM pg_class\nWHERE relkind IN ('r', 'm', 't')\nORDER BY age(relfrozenxid) DESC\nLIMIT 20;`,
    repair: null,
  }));
}

const tableToVacuum = z.strictObject({
  schema: z.string(),
  name: z.string(),
  is_off: z.boolean(),
  dead_rows: bigInteger,
  live_rows: bigInteger,
  due_at: bigInteger,
  vacuumed_at: instant.nullable(),
});

async function readVacuum({ select }: Connection): Promise<HealthFinding[]> {
  const rows = await select(
    tableToVacuum,
    sql`WITH vacuuming AS (
       SELECT s.relid, s.schemaname AS schema, s.relname AS name, s.n_dead_tup AS dead_rows, s.n_live_tup AS live_rows,
         greatest(s.last_vacuum, s.last_autovacuum) AS vacuumed_at,
         coalesce((SELECT option_value FROM pg_options_to_table(c.reloptions)
           WHERE option_name = 'autovacuum_enabled')::boolean, true) AS is_enabled,
         coalesce((SELECT option_value FROM pg_options_to_table(c.reloptions)
           WHERE option_name = 'autovacuum_vacuum_threshold'), current_setting('autovacuum_vacuum_threshold'))::float8
         + coalesce((SELECT option_value FROM pg_options_to_table(c.reloptions)
           WHERE option_name = 'autovacuum_vacuum_scale_factor'),
             current_setting('autovacuum_vacuum_scale_factor'))::float8 * greatest(c.reltuples, 0) AS due_at
       FROM pg_stat_user_tables s
       JOIN pg_class c ON c.oid = s.relid
     )
     SELECT schema, name, NOT is_enabled OR NOT current_setting('autovacuum')::boolean AS is_off,
       dead_rows::text, live_rows::text, round(due_at)::bigint::text AS due_at, vacuumed_at
     FROM vacuuming
     WHERE dead_rows > ${overdueFactor} * due_at AND dead_rows > ${smallestTable}
       OR live_rows > ${smallestTable} AND NOT (is_enabled AND current_setting('autovacuum')::boolean)
     ORDER BY vacuuming.dead_rows DESC, 1, 2
     LIMIT 100`,
  );
  return rows.map((row) => {
    const table = qualified(row.schema, row.name);
    return {
      id: `tables:vacuum:${table}`,
      severity: 'warning',
      title: say(row.is_off ? 'health.tables.vacuumOff' : 'health.tables.vacuumOverdue', { table }),
      meaning: say(row.is_off ? 'health.tables.vacuumOffMeaning' : 'health.tables.vacuumOverdueMeaning'),
      object: table,
      facts: facts(
        [say('health.tables.deadRows'), row.dead_rows, 'count'],
        [say('health.tables.liveRows'), row.live_rows, 'count'],
        [say('health.tables.vacuumDue'), row.due_at, 'count'],
        [say('health.tables.vacuumedAt'), row.vacuumed_at, 'instant'],
      ),
      evidenceSql: `SELECT n_live_tup, n_dead_tup, last_vacuum, last_autovacuum\nFROM pg_stat_user_tables\nWHERE schemaname = ${literal(row.schema)} AND relname = ${literal(row.name)};`,
      repair: null,
    };
  });
}
