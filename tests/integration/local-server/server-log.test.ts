import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { superuserName } from '../../../src/main/local-server/credentials';
import { openTestSession } from '../../support/test-session';
import { Place } from './consoles';

let place: Place;
beforeEach(() => {
  place = new Place();
});
afterEach(async () => {
  await place.clear();
});

const key = 'sk-abcdefghij0123456789';
const other = 'correct-horse-battery';

/** Statements with a secret in them, each of which a server logs whole under some setting of its own. */
const statements: readonly (readonly [text: string, values?: unknown[]])[] = [
  [`SELECT '${key}'::int`],
  [`SELECT 1 +* '${key}'`],
  [`SELECT ${key}`],
  ['SELECT $1::int', [key]],
  ['SELECT $1::text::int', [other]],
  [`INSERT INTO keys VALUES ('${key}')`],
  [`INSERT INTO keys VALUES ('${key}')`],
  [
    `DO $$ BEGIN RAISE WARNING '${key}'; RAISE EXCEPTION USING MESSAGE = '${other}', DETAIL = '${key}'; END $$`,
  ],
  [`CREATE ROLE somebody LOGIN PASSWORD '${other}'`],
  [`CREATE ROLE somebody LOGIN PASSWORD '${other}'`],
  [`ALTER ROLE nobody PASSWORD '${other}'`],
  [`SET statement_timeout = 50`],
  [`SELECT pg_sleep(10), '${key}'`],
];

it('holds no statement, value or parameter, whatever postgresql.conf and ALTER SYSTEM say', async () => {
  const server = await place.open();
  const running = await server.ensureRunning();
  const current = join(place.folder().serverFolder, 'current');
  const { superuserPassword } = JSON.parse(readFileSync(join(current, 'credentials.json'), 'utf8')) as {
    superuserPassword: string;
  };
  const { host, port, database } = running;
  const [superuser, owner] = await Promise.all([
    openTestSession({ host, port, database, user: superuserName, password: superuserPassword }),
    openTestSession({ host, port, database, user: running.user, password: running.password }),
  ]);
  try {
    for (const setting of [
      "log_statement = 'all'",
      "log_min_error_statement = 'debug5'",
      "log_min_messages = 'debug1'",
      "log_error_verbosity = 'verbose'",
      'log_min_duration_statement = 0',
      'log_duration = on',
      'log_parameter_max_length = -1',
      'log_parameter_max_length_on_error = -1',
      'debug_print_parse = on',
      'debug_print_plan = on',
    ]) {
      await superuser.query(`ALTER SYSTEM SET ${setting}`);
    }
    await superuser.query('SELECT pg_reload_conf()');
    await owner.query('CREATE TABLE keys (value text UNIQUE)');
    const failures: string[] = [];
    for (const client of [owner, superuser]) {
      for (const [text, values] of statements) {
        await client.query(text, values).catch((error: unknown) => failures.push(String(error)));
      }
    }
    expect(failures.length).toBeGreaterThan(15);
    expect(failures.some((message) => message.includes(key))).toBe(true);
  } finally {
    await Promise.all([superuser.end(), owner.end()]);
  }
  const refused = openTestSession({ host, port, database, user: running.user, password: other });
  await expect(refused).rejects.toThrow('password authentication failed');
  const log = readFileSync(join(current, 'server.log'), 'utf8');
  expect(log).toContain('ready to accept connections');
  expect(log).toContain('password authentication failed');
  expect(log).not.toMatch(/sk-abc|correct-horse|SELECT|INSERT|CREATE ROLE|STATEMENT/i);
});
