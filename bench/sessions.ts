import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import * as z from 'zod';
import { sql } from 'drizzle-orm';
import { openDatabase } from '../src/main/postgres/database';
import { CheckedClient } from '../src/main/postgres/wire';
import { clusterOfRun } from '../tests/support/postgres-cluster';
import { createDatabase } from '../tests/support/postgres-databases';
import { openTestSession } from '../tests/support/test-session';
import { millisecondsOf, print, quantile } from './measure';

const transactions = 400;
const rounds = 7;
/** As wide as a row of usage. */
const copied = Array.from({ length: 100_000 }, (_, row) => `${String(row)}\t${'x'.repeat(200)}\n`);
const one = z.strictObject({ one: z.number() });

/**
 * What it costs that every transaction verifies its settings and every answer is read before the driver sees it, against
 * pg alone with the same statements, in turns.
 */
export async function sessions(runFolder: string): Promise<void> {
  const cluster = await clusterOfRun(runFolder, 18);
  const database = await createDatabase(cluster, 'bench_sessions');
  const opened = openDatabase({ config: database.config, readOnly: false });
  // What it is held against: pg's own client, which neither reads an answer first nor verifies a setting.
  const plain = await openTestSession(database.config);
  const checked = new CheckedClient(database.config);
  await checked.connect();
  try {
    const { signal } = new AbortController();
    await inTurns('an empty transaction', {
      plain: async () => {
        for (let count = 0; count < transactions; count += 1) {
          await plain.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
          await plain.query('SELECT 1 AS one');
          await plain.query('COMMIT');
        }
      },
      ours: async () => {
        for (let count = 0; count < transactions; count += 1) {
          await opened.read(signal, ({ select }) => select(one, sql`SELECT 1 AS one`));
        }
      },
    });
    for (const [name, statement] of [
      ['300,000 narrow rows', 'SELECT g, g::text FROM generate_series(1, 300000) AS g'],
      ['200 rows of 300 kB', `SELECT repeat('x', 300000) FROM generate_series(1, 200)`],
    ] as const) {
      await inTurns(name, { plain: () => plain.query(statement), ours: () => checked.query(statement) });
    }
    for (const client of [plain, checked]) await client.query('CREATE TEMP TABLE copied (n int, x text)');
    await inTurns('COPY of 100,000 rows of 200 signs', {
      plain: () => copyInto(plain),
      ours: () => copyInto(checked),
    });
  } finally {
    await Promise.all([plain.end(), checked.end(), opened.close()]);
    await database.drop();
  }
}

async function copyInto(client: pg.Client): Promise<void> {
  await client.query('TRUNCATE copied');
  await pipeline(Readable.from(copied), client.query(copyFrom('COPY copied FROM STDIN')));
}

async function inTurns(
  name: string,
  ways: { readonly plain: () => Promise<unknown>; readonly ours: () => Promise<unknown> },
): Promise<void> {
  const times = { plain: [] as number[], ours: [] as number[] };
  for (let round = 0; round <= rounds; round += 1) {
    const plain = await millisecondsOf(ways.plain);
    const ours = await millisecondsOf(ways.ours);
    // The first round warms caches and plans.
    if (round === 0) continue;
    times.plain.push(plain);
    times.ours.push(ours);
  }
  print(`${name}: against pg alone`, quantile(times.ours) / quantile(times.plain), 'times');
}
