import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { onOwnConnection } from '../../../src/main/postgres/own-connection';
import { type Database, openDatabase } from '../../../src/main/postgres/database';
import { startForwarder, type TcpForwarder } from '../../support/faults/tcp-forwarder';
import { createTestDatabase, type TestDatabase } from '../../support/postgres';

let server: TestDatabase;
let forwarder: TcpForwarder;
let database: Database;

beforeAll(async () => {
  server = await createTestDatabase({ migrated: false });
});
afterAll(() => server.drop());
beforeEach(async () => {
  const { port } = server.cluster;
  forwarder = await startForwarder({ host: '127.0.0.1', port });
  const config = { ...server.config, host: '127.0.0.1', port: forwarder.port };
  database = openDatabase({ config, readOnly: false });
});
afterEach(async () => {
  await database.close();
  await forwarder.close();
});

describe('work on a connection of its own', { timeout: 30_000 }, () => {
  it('ends when it is cancelled although the server fell silent during a statement', async () => {
    const stop = new AbortController();
    const working = onOwnConnection(database.config, stop.signal, async (client) => {
      forwarder.goSilent();
      const answer = client.query('SELECT 1');
      stop.abort();
      await answer;
    });
    await expect(working).rejects.toThrow(/did not answer/);
  });

  it('ends when it is cancelled before the server has said a word', async () => {
    forwarder.goSilent();
    const stop = new AbortController();
    const working = onOwnConnection(database.config, stop.signal, () => Promise.resolve());
    const outcome = expect(working).rejects.toThrow();
    await vi.waitFor(() => expect(forwarder.connections).toBe(1), { timeout: 20_000 });
    stop.abort();
    await outcome;
  });

  it('says goodbye to a silent server without waiting for it', async () => {
    const working = onOwnConnection(database.config, new AbortController().signal, () => {
      forwarder.goSilent();
      return Promise.resolve('done');
    });
    expect(await working).toBe('done');
  });

  it('is not begun once it is cancelled', async () => {
    await expect(
      onOwnConnection(database.config, AbortSignal.abort(), () => Promise.resolve()),
    ).rejects.toMatchObject({ code: 'cancelled' });
    expect(forwarder.connections).toBe(0);
  });
});
