import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from 'vitest';
import { startForwarder, type TcpForwarder } from '../../support/faults/tcp-forwarder';
import { type OwnServer, startOwnServer } from '../../support/own-server';
import { type BrowserClient, openBrowserClient } from '../contract/browser-client';
import { fields } from './connecting';

/** A lost database is shown as lost and found again by itself, asked of the whole console over browser mode. */
let server: OwnServer;
let client: BrowserClient;
let forwarder: TcpForwarder;

beforeAll(async () => {
  [server, client] = await Promise.all([startOwnServer(), openBrowserClient('reconnecting-test')]);
}, 60_000);
afterAll(async () => {
  await client.close();
  await server.remove();
});
beforeEach(async () => {
  forwarder = await startForwarder({ host: '127.0.0.1', port: server.cluster.port });
  await client.ask('workspace', 'connect', {
    connection: fields({ port: forwarder.port }),
    settings: {
      name: 'Elsewhere',
      environmentLabel: '',
      colour: '',
      access: 'administer',
      operatorUserId: null,
      reportingTimeZone: 'UTC',
    },
    rememberPassword: false,
  });
});
afterEach(() => forwarder.close());

/** Waits for the state as a screen does: by the long poll, asking for nothing else. */
async function shown(connection: 'open' | 'lost'): Promise<number> {
  for (let sinceRevision = -1; ;) {
    const { revision, workspace, dataRevision } = await client.ask('app', 'watch', { sinceRevision });
    if (workspace?.connection === connection) return dataRevision;
    sinceRevision = revision;
  }
}

describe('a lost database', { timeout: 60_000 }, () => {
  it('is found again when its server was restarted, and the screens read again', async () => {
    const before = await shown('open');
    await server.stop('fast');
    await expect(client.ask('database', 'status', {})).rejects.toMatchObject({ code: 'db_unreachable' });
    await shown('lost');
    await server.start();
    expect(await shown('open')).toBeGreaterThan(before);
    expect(await client.ask('database', 'status', {})).toMatchObject({ database: 'postgres' });
  });

  it('is found again when the way there was silent for a while', async () => {
    await client.ask('database', 'status', {});
    forwarder.goSilent();
    await expect(client.ask('database', 'status', {})).rejects.toMatchObject({ code: 'db_unreachable' });
    await shown('lost');
    forwarder.comeBack();
    await shown('open');
  });

  it('is noticed without a call when its connections are cut', async () => {
    await client.ask('database', 'status', {});
    forwarder.cut();
    await shown('lost');
    await shown('open');
  });
});
