import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { connectToLocal } from './local-database';

/** Partitions hang on the month, and what is counted by hour, day and month on the moment of loading. */
const relations = `
  SELECT c.oid, c.oid::regclass::text AS name, c.relkind AS kind, c.relowner::regrole::text AS owner, c.relacl::text AS access
  FROM pg_catalog.pg_class c
  WHERE c.relnamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND NOT c.relispartition`;
const countedByTheMoment = [
  'usage_daily',
  'usage_monthly',
  'usage_latency',
  'usage_summaries',
  'usage_ranges',
  'usage_facts',
];
/** Moments, and ids that the server draws. Those that the demo brings along are compared where they are referred to as text. */
const drawn = ['timestamp with time zone', 'date', 'uuid', 'jsonb'];

interface Column {
  readonly relation: string;
  readonly name: string;
  readonly type: string;
}

/**
 * What a data folder has: its files with owner and mode, and of its running local database the server's settings, the
 * roles, the objects with their rights, and each column's values (of moments, drawn ids and JSON how many there are).
 */
export async function describeLocal(dataFolder: string): Promise<Readonly<Record<string, unknown>>> {
  const client = await connectToLocal(dataFolder);
  try {
    await client.query(`SET search_path = pg_catalog`);
    return {
      files: await describeFiles(dataFolder),
      settings: await rowsOf(
        client,
        `SELECT name, setting, source FROM pg_settings
         WHERE source NOT IN ('default', 'override', 'client', 'session') AND name <> 'port' AND name NOT LIKE '%\\_file' ORDER BY 1`,
      ),
      ofRoles: await rowsOf(
        client,
        `SELECT setrole::regrole::text AS role, setconfig AS settings FROM pg_db_role_setting ORDER BY 1`,
      ),
      roles: await rowsOf(
        client,
        `SELECT rolname, rolsuper, rolcreatedb, rolcreaterole, rolcanlogin, rolinherit FROM pg_roles ORDER BY 1`,
      ),
      relations: await rowsOf(
        client,
        `SELECT name, kind, owner, access FROM (${relations}) AS relation ORDER BY 1`,
      ),
      routines: await rowsOf(
        client,
        `SELECT oid::regprocedure::text AS name, proowner::regrole::text AS owner, proacl::text AS access, md5(prosrc) AS body
         FROM pg_proc WHERE pronamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`,
      ),
      values: await describeValues(client),
    };
  } finally {
    await client.end();
  }
}

async function describeValues(client: pg.Client): Promise<Readonly<Record<string, unknown>>> {
  const { rows } = await client.query<Column>(
    `SELECT relation.name AS relation, quote_ident(attname) AS name, format_type(atttypid, NULL) AS type
     FROM (${relations}) AS relation JOIN pg_attribute ON attrelid = relation.oid AND attnum > 0 AND NOT attisdropped
     WHERE kind IN ('r', 'p') ORDER BY 1, attnum`,
  );
  const values: Record<string, unknown> = {};
  for (const { relation, name, type } of rows) {
    if (countedByTheMoment.some((table) => relation.endsWith(`.${table}`))) continue;
    const hash = drawn.includes(type)
      ? ''
      : `, md5(string_agg(${name}::text, ',' ORDER BY ${name}::text COLLATE "C")) AS hash`;
    const counted = await rowsOf(
      client,
      `SELECT count(*)::int AS rows, count(${name})::int AS filled${hash} FROM ${relation}`,
    );
    values[`${relation}.${name}`] = counted[0];
  }
  return values;
}

async function rowsOf(client: pg.Client, statement: string): Promise<readonly unknown[]> {
  return (await client.query<Record<string, unknown>>(statement)).rows;
}

/** Down to PostgreSQL's own files, whose names are numbers of its own. */
async function describeFiles(dataFolder: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const folder of ['.', 'postgres', 'postgres/current', 'postgres/current/cluster']) {
    for (const name of await readdir(join(dataFolder, folder))) {
      const { mode, uid, gid } = await stat(join(dataFolder, folder, name));
      found.push(`${folder}/${name} ${mode.toString(8)} ${uid}:${gid}`);
    }
  }
  return found.sort();
}
