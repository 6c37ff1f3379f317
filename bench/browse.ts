import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { browseHandlers } from '../src/main/browse';
import { openDatabase } from '../src/main/postgres/database';
import { cursorPurpose } from '../src/main/browse/row-purposes';
import { seal, unseal } from '../src/main/browse/sealed-text';
import { createSqlHandlers, openHistory } from '../src/main/sql';
import type { OpenWorkspace } from '../src/main/workspace/open-workspace';
import { clusterOfRun } from '../tests/support/postgres-cluster';
import { createDatabase } from '../tests/support/postgres-databases';
import { openTestSession } from '../tests/support/test-session';
import { millisecondsOf, print, quantile } from './measure';

const rows = 10_000_000;
const tables = 10_000;
const repeats = 20;
const openLimitMs = 2_000;
const pageLimitMs = 50;
const completionLimitMs = 50;

/** A database of 10,000 tables and a table of 10 million rows, measured in main around the handlers. */
export async function browse(runFolder: string): Promise<void> {
  const cluster = await clusterOfRun(runFolder, 18);
  const database = await createDatabase(cluster, 'bench_browse', { migrated: false });
  await fill(database.config);
  const opened = openDatabase({ config: database.config, readOnly: true });
  const plain = await openTestSession(database.config);
  const dataFolder = mkdtempSync(join(tmpdir(), 'litemaas-bench-'));
  // Only what these handlers look at.
  const workspace = { id: 'bench', database: opened } as OpenWorkspace;
  const call = { signal: new AbortController().signal, report: () => undefined, workspace };
  const sql = createSqlHandlers({ history: openHistory(dataFolder) });
  const list = { page: 0, pageSize: 25, search: '', filters: {} };
  const big = { schema: 'public', relation: 'big', filters: [], pageSize: 50, last: false };
  const readRows = (input: object) => browseHandlers.rows({ ...big, ...input }, call);

  /** The place of a row in the whole list, as a reader has it who came there page by page. */
  const cursorAt = async (column: string, value: string, input: object = {}): Promise<string> => {
    const filters = [{ column, operator: 'atLeast' as const, value }];
    const { next } = await readRows({ ...input, filters });
    // A cursor is bound to its filters: this one is made over for the list without them.
    const place = unseal(cursorPurpose(workspace.id, { ...big, ...input, filters }), next ?? '');
    return seal(cursorPurpose(workspace.id, { ...big, ...input }), place);
  };

  try {
    const schemas = await measure(`${String(tables)} tables: schemas`, () =>
      browseHandlers.schemas({}, call),
    );
    const first = await measure('first page of relations', () => browseHandlers.relations(list, call));
    print('Browse opens (both, p95)', schemas + first, 'ms', openLimitMs);
    const sorted = (field: 'sizeBytes' | 'estimatedRows', input: object = {}) =>
      browseHandlers.relations({ ...list, ...input, sort: { field, direction: 'desc' } }, call);
    await measure('relations by size', () => sorted('sizeBytes'), openLimitMs);
    await measure('relations by estimated rows', () => sorted('estimatedRows'), openLimitMs);
    await measure(
      'relations, page 300',
      () => browseHandlers.relations({ ...list, page: 300 }, call),
      openLimitMs,
    );
    await measure(
      'relations found by text',
      () => browseHandlers.relations({ ...list, search: 'e_77' }, call),
      openLimitMs,
    );
    await measure(
      'one relation',
      () => browseHandlers.relation({ schema: 'public', relation: 'big' }, call),
      openLimitMs,
    );
    await measure(
      'completions',
      () => sql.completions({ prefix: 'ta', relations: ['big'], schemas: ['public'] }, call),
      completionLimitMs,
    );

    const middle = await cursorAt('id', String(rows / 2));
    const sort = { column: 'grade', direction: 'desc' as const };
    const sortedMiddle = await cursorAt('grade', '5000', { sort });
    await measure(`${String(rows)} rows: first page`, () => readRows({}), pageLimitMs);
    const byKey = await measure('page in the middle by key', () => readRows({ after: middle }), pageLimitMs);
    await measure('page before it', () => readRows({ before: middle }), pageLimitMs);
    await measure('last page by key', () => readRows({ last: true }), pageLimitMs);
    await measure(
      'page in the middle, by an indexed column',
      () => readRows({ sort, after: sortedMiddle }),
      pageLimitMs,
    );
    await measure(
      'rows of one value, filtered by it',
      () => readRows({ filters: [{ column: 'grade', operator: 'equals', value: '77' }] }),
      pageLimitMs,
    );

    const offset = await measure(
      'plain OFFSET of the same page, by key',
      () => plain.query(`SELECT * FROM big ORDER BY id LIMIT 50 OFFSET ${String(rows / 2 + 50)}`),
      undefined,
      3,
    );
    print('OFFSET against Browse, by key', offset / byKey, 'times');
    await measure('exact count', () => browseHandlers.count(big, call), undefined, 3);
  } finally {
    await plain.end();
    await opened.close();
    rmSync(dataFolder, { recursive: true, force: true });
    await database.drop();
  }
}

/** Prints the middle and the 95 % of the times; answers the latter. */
async function measure(
  name: string,
  work: () => Promise<unknown>,
  limitMs?: number,
  times = repeats,
): Promise<number> {
  const measured: number[] = [];
  await work();
  for (let round = 0; round < times; round += 1) measured.push(await millisecondsOf(work));
  print(`${name} (p50)`, quantile(measured), 'ms');
  const p95 = quantile(measured, 0.95);
  print(`${name} (p95 of ${String(times)})`, p95, 'ms', limitMs);
  return p95;
}

async function fill(config: pg.ClientConfig): Promise<void> {
  const client = await openTestSession(config);
  // In steps: one transaction would hold a lock for each table, more than the server has room for.
  for (let from = 1; from <= tables; from += 500) {
    await client.query(`DO $$ BEGIN
      FOR n IN ${String(from)}..${String(from + 499)} LOOP
        EXECUTE format('CREATE TABLE table_%s (id int PRIMARY KEY, name text, amount numeric)', lpad(n::text, 5, '0'));
      END LOOP;
    END $$`);
  }
  await client.query('CREATE TABLE big (id int NOT NULL, grade int NOT NULL)');
  await client.query(
    `INSERT INTO big SELECT n, (n::bigint * 7919 % 10007)::int FROM generate_series(1, ${String(rows)}) AS n`,
  );
  await client.query('ALTER TABLE big ADD PRIMARY KEY (id)');
  await client.query('CREATE INDEX ON big (grade)');
  await client.query('VACUUM ANALYZE');
  await client.end();
}
