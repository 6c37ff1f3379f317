import { homedir, userInfo } from 'node:os';
import { describe, expect, it, vi } from 'vitest';
import { type Confidential, type DiagnosticsInput, diagnosticsText } from './diagnostics';

const input: DiagnosticsInput = {
  writtenAt: new Date('2026-11-22T12:00:00Z'),
  about: {
    version: '1.2.3',
    host: 'browser',
    platform: 'linux x64',
    node: '20.19.0',
    electron: null,
    chromium: null,
    shippedPostgres: '18.4',
    folders: { data: `${homedir()}/data`, localDatabase: '/srv/local', log: `${homedir()}/data/console.log` },
  },
  secretStore: { state: 'memory', backend: 'memory', message: '' },
  workspaceCount: 1,
  workspace: {
    kind: 'server',
    access: 'administer',
    tlsMode: 'verify-full',
    location: 'postgresql://grace@db.acme.example:5432/litemaas',
    schema: 'current',
    reportingTimeZone: 'UTC',
    database: { failed: 'connection to db.acme.example refused' },
  },
  logLines: [
    '{"at":"2026-11-22","event":"error","stack":"password authentication failed for grace: p4ss!word"}',
    'not json: Authorization: Bearer abc.def sk-master-1234567890',
    JSON.stringify({ event: 'x', path: `${homedir()}/app/${userInfo().username}/file` }),
    'the local database, plain as it is',
  ],
};
const confidential: Confidential = {
  secrets: ['p4ss!word', 'custom master key'],
  addresses: ['db.acme.example', 'grace', 'litemaas', 'db', '127.0.0.1'],
};

describe('the diagnostics file', () => {
  it('names neither addresses nor people nor secrets', () => {
    const text = diagnosticsText(input, confidential);
    for (const hidden of ['acme', 'grace', 'p4ss', 'sk-master-1', 'abc.def', homedir()]) {
      expect(text).not.toContain(hidden);
    }
    expect(JSON.parse(text)).toMatchObject({
      console: { version: '1.2.3', folders: { data: '~/data', localDatabase: '/srv/local' } },
      workspace: { location: 'postgresql://<address>@<address>:5432/<address>' },
    });
    expect(text).toContain('the local database, plain as it is');
  });

  it('names addresses once the person wants it, and still no secret', () => {
    const text = diagnosticsText(input, { ...confidential, addresses: null });
    expect(text).toContain('postgresql://grace@db.acme.example:5432/litemaas');
    expect(text).not.toContain('p4ss');
  });

  it('takes out a secret that a text wraps or repeats', () => {
    const log = ['custom master key custom master key', '"custom master key"'];
    expect(diagnosticsText({ ...input, logLines: log }, confidential)).not.toContain('custom master');
  });

  it.each(['', '"'])('cuts a long line only when no secret is in it any more (%s)', (quote) => {
    const secret = `p4ss${quote}word`;
    // The cut would be in the middle of it.
    const padding = 'x'.repeat(1_985);
    const log = [
      JSON.stringify({ stack: `${padding}${secret} and more ${padding}` }),
      `0123456789${padding}${secret} and more`,
    ];
    const text = diagnosticsText({ ...input, logLines: log }, { ...confidential, secrets: [secret] });
    expect(text).not.toContain('p4s');
    expect(text.match(/…",?$/gm)).toHaveLength(2);
  });

  it('leaves paths as they are where the account has no home of its own', () => {
    vi.stubEnv('HOME', '/');
    vi.stubEnv('USERPROFILE', '/');
    const { log } = JSON.parse(
      diagnosticsText({ ...input, logLines: ['/srv/app/main.js'] }, confidential),
    ) as {
      log: string[];
    };
    expect(log).toEqual(['/srv/app/main.js']);
    vi.unstubAllEnvs();
  });
});
