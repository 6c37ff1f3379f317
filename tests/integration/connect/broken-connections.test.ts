import { afterAll, beforeAll, describe, expect, it as base } from 'vitest';
import { type Database, openDatabase } from '../../../src/main/postgres/database';
import { startForwarder, type TcpForwarder } from '../../support/faults/tcp-forwarder';
import { type OwnServer, startOwnServer } from '../../support/own-server';

/** What becomes of work when the server or the way to it breaks under it. */
let server: OwnServer;
const { signal } = new AbortController();

/** A way to the server that a test may break, and the console's database behind it. */
interface Way {
  readonly forwarder: TcpForwarder;
  readonly database: Database;
  /** What was said of the connection so far. */
  readonly states: readonly string[];
  ask(): Promise<unknown>;
}

const it = base.extend<{ way: Way }>({
  // vitest reads the fixtures that one uses from its parameter's pattern; this one uses none.
  way: async ({}, use) => {
    const states: string[] = [];
    const forwarder = await startForwarder({ host: '127.0.0.1', port: server.cluster.port });
    const database = openDatabase({
      config: { host: '127.0.0.1', port: forwarder.port, user: 'litemaas', database: 'postgres' },
      readOnly: false,
      onConnectionChange: (state) => states.push(state),
    });
    const ask = () =>
      database.read(
        signal,
        async ({ client }) => (await client.query<{ one: number }>('SELECT 1 AS one')).rows,
      );
    await use({ forwarder, database, states, ask });
    await database.close();
    await forwarder.close();
  },
});

beforeAll(async () => {
  server = await startOwnServer();
  await server.admin((client) => client.query('CREATE TABLE notes (text text)'));
  await server.admin((client) => client.query('GRANT ALL ON notes TO litemaas'));
});
afterAll(() => server.remove());

describe('a server that restarts', () => {
  it('in the middle of a query ends it with what happened, and the next one works', async ({
    way: { ask, database, states },
  }) => {
    const running = database.read(signal, async ({ client }) => {
      await client.query('SELECT 1');
      // The restart ends the statement, however far it is.
      const [, outcome] = await Promise.allSettled([
        server.restart('fast'),
        client.query('SELECT pg_sleep(14)'),
      ]);
      if (outcome.status === 'rejected') throw outcome.reason as Error;
    });
    await expect(running).rejects.toMatchObject({
      code: 'db_unreachable',
      message: expect.stringContaining('The server was restarted or ended this session') as string,
      hint: expect.stringContaining('Nothing half-done stays') as string,
      details: { sqlState: '57P01' },
    });
    expect(states.at(-1)).toBe('lost');
    expect(await ask()).toEqual([{ one: 1 }]);
    expect(states.at(-1)).toBe('open');
  });

  it('in the middle of a transaction leaves nothing of it', async ({ way: { database } }) => {
    const changing = database.write(signal, async ({ client }) => {
      await client.query(`INSERT INTO public.notes VALUES ('half')`);
      await server.restart('immediate');
      await client.query(`INSERT INTO public.notes VALUES ('done')`);
    });
    await expect(changing).rejects.toMatchObject({ code: 'db_unreachable' });
    const { rows } = await server.admin((client) => client.query('SELECT * FROM notes'));
    expect(rows).toEqual([]);
  });

  it('while nothing runs is not noticed by the next call', async ({ way: { ask } }) => {
    await ask();
    await server.restart('fast');
    expect(await ask()).toEqual([{ one: 1 }]);
  });
});

// Each has a way of its own; most wait for a time limit: they wait together.
describe.concurrent('a way that falls silent', () => {
  it('while nothing runs (a laptop sleeps) is found out quickly, and the call works on a new connection', async ({
    way: { ask, forwarder },
  }) => {
    await ask();
    const before = forwarder.connections;
    forwarder.goSilent();
    forwarder.comeBack();
    expect(await ask()).toEqual([{ one: 1 }]);
    expect(forwarder.connections).toBe(before + 1);
  });

  it(
    'and stays silent ends the call within its time',
    { timeout: 40_000 },
    async ({ way: { ask, forwarder, states } }) => {
      await ask();
      forwarder.goSilent();
      await expect(ask()).rejects.toMatchObject({ code: 'db_unreachable' });
      expect(states.at(-1)).toBe('lost');
      forwarder.comeBack();
      expect(await ask()).toEqual([{ one: 1 }]);
      expect(states.at(-1)).toBe('open');
    },
  );

  it(
    'in the middle of a query ends it after the query’s own time',
    { timeout: 40_000 },
    async ({ way: { database, forwarder } }) => {
      const running = database.read(signal, async ({ client }) => {
        await client.query('SELECT 1');
        forwarder.goSilent();
        await client.query('SELECT 2');
      });
      await expect(running).rejects.toMatchObject({
        code: 'db_unreachable',
        message:
          'The database cannot be reached: the server did not answer in time, so the connection was given up.',
      });
    },
  );

  it(
    'in the middle of long work without a time of its own ends it too',
    { timeout: 60_000 },
    async ({ way: { database, forwarder } }) => {
      const running = database.batch(signal, async ({ client }) => {
        await client.query('SELECT 1');
        forwarder.goSilent();
        await client.query('SELECT 2');
      });
      await expect(running).rejects.toMatchObject({ code: 'db_unreachable' });
    },
  );

  it('can be cancelled at any moment', { timeout: 60_000 }, async ({ way: { database, forwarder } }) => {
    for (const moment of ['connecting', 'working'] as const) {
      const person = new AbortController();
      const work = database.batch(person.signal, async ({ client }) => {
        await client.query('SELECT 1');
        forwarder.goSilent();
        const answer = client.query('SELECT 2');
        person.abort();
        await answer;
      });
      if (moment === 'connecting') person.abort();
      const askedAt = performance.now();
      await expect(work).rejects.toMatchObject({ code: 'cancelled' });
      // Whatever the others wait for meanwhile.
      expect(performance.now() - askedAt).toBeLessThan(10_000);
      forwarder.comeBack();
    }
  });
});

it('a connection that is cut ends the call at once', async ({ way: { database, forwarder } }) => {
  const running = database.read(signal, async ({ client }) => {
    const answer = client.query('SELECT pg_sleep(10)');
    forwarder.cut();
    await answer;
  });
  await expect(running).rejects.toMatchObject({ code: 'db_unreachable' });
});

it('a session that was ended while it held a lock is told', async ({ way: { database } }) => {
  const ended = database.read(signal, async ({ client }) => {
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    await server.admin((admin) => admin.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]));
    await client.query('SELECT 1');
  });
  await expect(ended).rejects.toMatchObject({ code: 'db_unreachable' });
});
