import { rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startConsole } from '../../e2e/console-process';
import { ensureBuilt } from '../../support/built-program';
import { connectionTo } from '../../support/connection-fields';
import { hostileVariables } from '../../support/hostile-variables';
import { createTestDatabase, type TestDatabase } from '../../support/postgres';
import { type BrowserClient, clientAt, openBrowserClient } from '../contract/browser-client';

const settings = {
  name: 'A server',
  environmentLabel: '',
  colour: '',
  access: 'administer',
  operatorUserId: null,
  reportingTimeZone: 'UTC',
} as const;

/** A workspace of a server says itself where and how: what PostgreSQL's clients obey otherwise changes nothing. */
describe('a workspace of a server, whatever variables of PostgreSQL’s clients are exported', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  /** Tests, opens and uses it, in a transaction that reads and in one that writes. */
  async function useIt({ ask }: Pick<BrowserClient, 'ask'>): Promise<void> {
    const connection = connectionTo(database);
    const report = await ask('workspace', 'test', { connection });
    expect(report).toMatchObject({
      tls: null,
      readOnlyByDefault: false,
      role: { name: database.config.user },
    });
    await ask('workspace', 'connect', { connection, settings, rememberPassword: false });
    const { rows } = await ask('sql', 'run', {
      statement: `SELECT current_user, current_database(), current_setting('TimeZone'), current_setting('DateStyle'),
        current_setting('search_path'), current_setting('lock_timeout'), current_setting('client_encoding'),
        current_setting('application_name')`,
    });
    expect(rows[0]?.map(({ text }) => text)).toEqual([
      ...[
        database.config.user,
        database.name,
        'UTC',
        'ISO, MDY',
        'pg_catalog, public, pg_temp',
        '5s',
        'UTF8',
      ],
      'litemaas-console',
    ]);
  }

  describe('in this process', () => {
    beforeEach(() => {
      for (const [name, value] of Object.entries(hostileVariables)) {
        // This process's own language and clock stay as they are.
        if (name.startsWith('PG')) vi.stubEnv(name, value);
      }
    });
    afterEach(() => {
      vi.unstubAllEnvs();
    });

    it('is tested, opened and used', async () => {
      const client = await openBrowserClient('environment-test');
      try {
        await useIt(client);
      } finally {
        await client.close();
      }
    });
  });

  it('is tested, opened and used by the built program', { timeout: 180_000 }, async () => {
    await ensureBuilt();
    const console = await startConsole({ environment: hostileVariables });
    try {
      await useIt(await clientAt(console.url));
    } finally {
      await console.stop();
      rmSync(console.dataFolder, { recursive: true, force: true });
    }
  });
});
