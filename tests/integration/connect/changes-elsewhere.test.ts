import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openProfiles, type Profile, type ProfileStore } from '../../../src/main/workspace/profiles';
import { connectionTo } from '../../support/connection-fields';
import { createTestDatabase, type TestDatabase } from '../../support/postgres';
import { openTestSession } from '../../support/test-session';
import { type BrowserClient, openBrowserClient } from '../contract/browser-client';

/** Two consoles share one list of workspaces: what one of them changes while the other is connecting. */
let database: TestDatabase;
let client: BrowserClient;
let admin: pg.Client;
/** The list as the other console has it. */
let elsewhere: ProfileStore;
let workspaceId: string;

const settings = {
  name: 'Production',
  environmentLabel: 'production',
  colour: 'red',
  access: 'administer',
  operatorUserId: null,
  reportingTimeZone: 'UTC',
} as const;
const litellm = { baseUrl: 'https://proxy.test', headerName: 'Authorization', caFile: null, proxy: null };

beforeAll(async () => {
  [database, client] = await Promise.all([createTestDatabase(), openBrowserClient('changes-elsewhere')]);
  admin = await openTestSession(database.adminConfig);
  elsewhere = openProfiles(client.dataFolder);
}, 60_000);
afterAll(async () => {
  await client.close();
  await admin.end();
  await database.drop();
});
beforeEach(async () => {
  const input = { connection: connectionTo(database), settings, rememberPassword: false };
  ({ workspaceId } = await client.ask('workspace', 'connect', input));
});

/** Changes the list elsewhere while the server is late with an answer that this console needs. */
async function whileConnecting(
  connecting: () => Promise<unknown>,
  change: () => Promise<unknown>,
): Promise<void> {
  await admin.query('BEGIN; LOCK TABLE drizzle.__drizzle_migrations');
  const connected = connecting();
  connected.catch(() => undefined);
  try {
    await vi.waitFor(
      async () => {
        const { rowCount } = await admin.query(
          `SELECT FROM pg_locks WHERE relation = 'drizzle.__drizzle_migrations'::regclass AND NOT granted`,
        );
        expect(rowCount).toBe(1);
      },
      { timeout: 20_000 },
    );
    await change();
  } finally {
    await admin.query('COMMIT');
  }
  await connected;
}

const kept = async (): Promise<Profile | undefined> =>
  (await elsewhere.load()).profiles.find(({ id }) => id === workspaceId);

describe('a workspace that is changed elsewhere while it is', () => {
  it('opened keeps the change and when it was opened', async () => {
    const before = await kept();
    const changes = { name: 'Renamed', environmentLabel: 'staging', colour: 'amber', litellm };
    await whileConnecting(
      () => client.ask('workspace', 'open', { workspaceId }),
      () => elsewhere.patch(workspaceId, changes),
    );
    const after = await kept();
    expect(after).toEqual({ ...before, ...changes, lastOpenedAt: after?.lastOpenedAt });
    expect(String(after?.lastOpenedAt) > String(before?.lastOpenedAt)).toBe(true);
  });

  it('opened in another way keeps what the form changed and what was changed elsewhere', async () => {
    const changed = { ...settings, name: 'Renamed', access: 'read-only' } as const;
    await whileConnecting(
      () => client.ask('workspace', 'update', { workspaceId, settings: changed }),
      () => elsewhere.patch(workspaceId, { litellm }),
    );
    expect(await kept()).toMatchObject({ ...changed, litellm });
  });

  it('opened stays removed where it was removed', async () => {
    await whileConnecting(
      () => client.ask('workspace', 'open', { workspaceId }),
      () => elsewhere.remove(workspaceId),
    );
    expect(await kept()).toBeUndefined();
  });
});
