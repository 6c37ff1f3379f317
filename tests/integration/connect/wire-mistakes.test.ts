import { createServer, connect as connectTcp } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { giveUp } from '../../../src/main/postgres/silent-connection';
import { CheckedClient, type WireConfig } from '../../../src/main/postgres/wire';
import { isLong } from '../../support/long-runs';
import { createTestDatabase, type TestDatabase } from '../../support/postgres';
import { startHostilePostgres } from '../../support/faults/hostile-postgres';

/** A real session is recorded and played back with mistakes: whatever comes, nothing is thrown outside a promise. */
const runs = isLong ? 3_000 : 150;
const atOnce = 15;
const [recordingLimitMs, playbackLimitMs] = [30_000, 400];

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** One of everything that the console does on a connection. */
async function useEverything(config: WireConfig, limitMs: number): Promise<number> {
  const client = new CheckedClient(config);
  const limit = setTimeout(() => giveUp(client), limitMs);
  const ended = new Promise<never>((_, reject) => {
    client.once('end', () => reject(new Error('The connection is over.')));
  });
  ended.catch(() => undefined);
  let answered = 0;
  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    // pg-copy-streams waits for ever where its connection was lost before it began.
    const outcome = Promise.race([work(), ended]);
    await outcome.then(
      () => (answered += 1),
      () => undefined,
    );
  };
  await attempt(() => client.connect());
  await attempt(() => client.query(`SELECT n AS a, 'text' AS b, NULL AS c FROM generate_series(1, 50) AS n`));
  await attempt(() => client.query('SELECT $1::int AS a, $2::text[] AS b', [1, ['x', 'y']]));
  await attempt(() => client.query('SELECT 1 AS a; SELECT 2 AS b, 3 AS c'));
  await attempt(() => client.query('SELECT 1/0'));
  await attempt(() => client.query(`DO $$ BEGIN RAISE NOTICE 'hello'; END $$`));
  await attempt(() => client.query(`LISTEN wire; NOTIFY wire, 'payload'`));
  await attempt(() => client.query(`SELECT repeat('x', 200000) AS long`));
  await attempt(() => client.query('CREATE TEMP TABLE copied (a int)'));
  await attempt(() => {
    const copy = client.query(copyFrom('COPY copied FROM STDIN'));
    copy.on('error', () => undefined);
    return pipeline(Readable.from(['1\n', '2\n']), copy);
  });
  await attempt(() => client.query('COPY copied TO STDOUT'));
  await client.end().catch(() => undefined);
  clearTimeout(limit);
  return answered;
}

/** What the server says, in the pieces in which the client waited for them. */
async function record(config: WireConfig): Promise<Buffer[]> {
  const pieces: Buffer[] = [];
  const recorder = createServer((client) => {
    const server = connectTcp(config.port ?? 0, config.host);
    let isNew = true;
    client.on('error', () => server.destroy());
    server.on('error', () => client.destroy());
    client.on('data', (bytes: Buffer) => {
      isNew = true;
      server.write(bytes);
    });
    server.on('data', (bytes: Buffer) => {
      const last = pieces.at(-1);
      if (isNew || last === undefined) pieces.push(bytes);
      else pieces[pieces.length - 1] = Buffer.concat([last, bytes]);
      isNew = false;
      client.write(bytes);
    });
    client.on('close', () => server.destroy());
    server.on('close', () => client.destroy());
  });
  await new Promise<void>((resolve) => recorder.listen(0, '127.0.0.1', resolve));
  const { port } = recorder.address() as { port: number };
  expect(await useEverything({ ...config, host: '127.0.0.1', port }, recordingLimitMs)).toBe(10);
  recorder.close();
  return pieces;
}

/** The same numbers for the same seed, so that a failing run can be repeated. */
function random(seed: number): (below: number) => number {
  let state = seed * 2_654_435_761 + 1;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    return state % below;
  };
}

const lengths = [0, 1, 3, 4, 5, 0x7fffffff, 0x80000000, 0xffffffff, 0x01000000];

function mistaken(recorded: readonly Buffer[], seed: number): Buffer[] {
  const below = random(seed);
  const pieces = recorded.map((piece) => Buffer.from(piece));
  for (let count = 1 + below(3); count > 0; count -= 1) {
    const index = below(pieces.length);
    const piece = pieces[index] ?? Buffer.alloc(1);
    const at = below(Math.min(piece.length, 400));
    switch (below(7)) {
      case 0:
        piece[at] = below(256);
        break;
      case 1:
        piece.writeUInt32BE(lengths[below(lengths.length)] ?? 0, Math.min(at, Math.max(0, piece.length - 4)));
        break;
      case 2:
        pieces[index] = Buffer.concat([piece.subarray(0, at), piece.subarray(at + 1 + below(20))]);
        break;
      case 3:
        pieces[index] = Buffer.concat([piece.subarray(0, at), Buffer.from('garbage'), piece.subarray(at)]);
        break;
      case 4:
        pieces[index] = Buffer.concat([piece, piece]);
        break;
      case 5:
        pieces[index] = piece.subarray(0, at);
        break;
      default:
        pieces.splice(index, 1);
    }
  }
  return pieces;
}

it('lives through a session with mistakes in it', async () => {
  const recorded = await record(database.config);
  const uncaught: string[] = [];
  const note = (error: Error): number => uncaught.push(error.stack ?? error.message);
  process.on('uncaughtExceptionMonitor', note);
  let survived = 0;
  const one = async (seed: number): Promise<void> => {
    const pieces = mistaken(recorded, seed);
    const server = await startHostilePostgres(async (victim) => {
      for (const piece of pieces) {
        await victim.heard();
        victim.send(piece);
      }
    });
    const answered = await useEverything(
      { ...database.config, host: '127.0.0.1', port: server.port },
      playbackLimitMs,
    );
    if (answered < 10) survived += 1;
    await server.close();
  };
  for (let from = 0; from < runs; from += atOnce) {
    await Promise.all(Array.from({ length: atOnce }, (_, index) => one(from + index)));
  }
  process.off('uncaughtExceptionMonitor', note);
  expect(uncaught).toEqual([]);
  // Most mistakes are noticed; without any the test would prove nothing.
  expect(survived).toBeGreaterThan(runs / 3);
}, 120_000);
