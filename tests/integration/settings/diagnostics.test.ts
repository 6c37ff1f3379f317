import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { saveLink } from '../../../src/main/litellm/link/proxy-link';
import { createSettingsHandlers } from '../../../src/main/settings/settings-handlers';
import type { OpenWorkspace } from '../../../src/main/workspace/open-workspace';
import { openProfiles, type Profile } from '../../../src/main/workspace/profiles';
import type { SecretStore } from '../../../src/main/workspace/secrets';
import { openTestWorkspace, type TestWorkspace } from '../../support/workspace';

const secrets = {
  password: 'correct horse battery staple',
  masterKey: 'the master key of no usual form',
  virtualKey: 'sk-Diagnostics-Virtual-Key-123',
  token: 'eyJhbGciOiJIUzI1NiJ9.payload.signature',
};
const proxyHost = 'litellm.acme-corp.example';

let opened: TestWorkspace;
let workspace: OpenWorkspace;
let folder: string;

beforeAll(async () => {
  opened = await openTestWorkspace();
  folder = mkdtempSync(join(tmpdir(), 'litemaas-diagnostics-'));
  mkdirSync(join(folder, 'logs'));
  const lines = [
    { event: 'error', stack: `connect with ${secrets.password} to db.acme-corp.example as grace.hopper` },
    { event: 'error', stack: `GET https://${proxyHost}/key/info Authorization: Bearer ${secrets.token}` },
    { event: 'error', stack: `${secrets.virtualKey} and ${secrets.masterKey}` },
  ];
  writeFileSync(
    join(folder, 'logs', 'console.log'),
    `${Array.from({ length: 600 }, (_unused, line) => JSON.stringify({ event: 'call', line })).join('\n')}\n` +
      `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`,
  );
  await opened.workspace.database.write(new AbortController().signal, (connection) =>
    saveLink(connection, {
      baseUrl: `https://${proxyHost}`,
      headerName: 'Authorization',
      linkedAt: '2026-11-22T00:00:00.000000Z',
    }),
  );
  const { database, profile } = opened.workspace;
  workspace = {
    ...opened.workspace,
    profile: { ...profile, host: 'db.acme-corp.example', user: 'grace.hopper' },
    database: { ...database, config: { ...database.config, password: secrets.password } },
    secrets: {
      ...opened.workspace.secrets,
      get: () => Promise.resolve({ state: 'found', value: secrets.masterKey }),
    } satisfies SecretStore,
  };
});
afterAll(async () => {
  await opened.close();
  rmSync(folder, { recursive: true });
});

function handlers(current: OpenWorkspace | null) {
  const profiles: Profile[] = [workspace.profile];
  return createSettingsHandlers({
    host: 'browser',
    version: '0.0.0-test',
    folder: { path: folder, serverFolder: join(folder, 'postgres') },
    migrationsFolder: 'migrations',
    session: {
      current: () => current,
      schema: () => (current === null ? null : 'current'),
    } as Parameters<typeof createSettingsHandlers>[0]['session'],
    profiles: { ...openProfiles(folder), load: () => Promise.resolve({ profiles, setAside: null }) },
    secrets: opened.workspace.secrets,
    now: () => new Date('2026-11-22T12:00:00Z'),
  });
}

const call = { signal: new AbortController().signal, report: () => undefined };

async function written(withAddresses: boolean): Promise<string> {
  const content = await handlers(workspace).exportDiagnostics({ withAddresses }, call);
  const chunks: Buffer[] = [];
  const target = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  await content.write(target, call.signal);
  return Buffer.concat(chunks).toString('utf8');
}

describe('the diagnostics file', () => {
  it.each([true, false])(
    'holds no secret that this console knows (with addresses: %s)',
    async (withAddresses) => {
      const text = await written(withAddresses);
      for (const [name, secret] of Object.entries(secrets)) expect(text, name).not.toContain(secret);
    },
  );

  it('names addresses and their users only when asked to', async () => {
    for (const address of ['acme-corp', 'grace.hopper']) {
      expect(await written(false)).not.toContain(address);
      expect(await written(true)).toContain(address);
    }
  });

  it('says what runs, in which state the database is, and the last 500 lines of the log', async () => {
    const text = await written(false);
    const content = JSON.parse(text) as { log: unknown[]; workspace: { database: { migrations: object } } };
    expect(content).toMatchObject({ console: { version: '0.0.0-test' }, workspace: { schema: 'current' } });
    expect(content.log).toHaveLength(500);
    expect(content.log[0]).toEqual({ event: 'call', line: 103 });
    expect(new Set(Object.values(content.workspace.database.migrations))).toEqual(new Set(['applied']));
    expect((await handlers(workspace).diagnostics({ withAddresses: false }, call)).text).toBe(text);
  });

  it('works without an open database', async () => {
    const { text } = await handlers(null).diagnostics({ withAddresses: false }, call);
    expect(JSON.parse(text)).toMatchObject({ workspace: null, workspaceCount: 1 });
  });
});
