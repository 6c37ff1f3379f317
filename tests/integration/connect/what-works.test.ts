import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ConnectionReport } from '../../../src/shared/contract/workspace';
import { createTestDatabase, type TestDatabase } from '../../support/postgres';
import { openTestSession } from '../../support/test-session';
import { fields, test } from './connecting';

/** Test connection says what will work in a database of ours, or why connecting would fail. */
let database: TestDatabase;
let admin: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  admin = await openTestSession(database.adminConfig);
  await admin.query('DROP ROLE IF EXISTS passer_by; CREATE ROLE passer_by LOGIN');
});
afterAll(async () => {
  await admin.query('DROP OWNED BY passer_by CASCADE; DROP ROLE passer_by');
  await admin.end();
  await database.drop();
});

const report = (user: string): Promise<ConnectionReport> =>
  test(fields({ port: database.cluster.port, database: database.name, user }));
const ours = 'This is the database of LiteMaaS Console.';

it('names the GRANTs where the role may not read which migrations were applied', async () => {
  const { database: found, warnings } = await report('passer_by');
  expect(found.statement).toBe(ours);
  expect(warnings[0]).toBe(
    'Connecting will fail: the role may not read which migrations were applied here. As the owner: GRANT USAGE ON SCHEMA drizzle TO passer_by; GRANT SELECT ON drizzle.__drizzle_migrations TO passer_by;',
  );
});

it('says that every screen works, or what is needed first', async () => {
  const owner = database.cluster.ownerUser;
  const statement = async (): Promise<string> => (await report(owner)).database.statement;
  expect(await statement()).toBe(`${ours} All its migrations are applied: every screen works.`);
  expect((await report(owner)).warnings).toEqual([]);

  await admin.query(`UPDATE drizzle.__drizzle_migrations SET hash = 'edited' WHERE id = 1`);
  expect(await statement()).toContain('An applied migration differs from the one in this console');
  await admin.query('DELETE FROM drizzle.__drizzle_migrations WHERE id = 1');
  expect(await statement()).toContain(
    'Not all its migrations are applied: every screen works once they are.',
  );
  await admin.query(
    `INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ('later', 9999999999999)`,
  );
  expect(await statement()).toContain('A newer or different console migrated it');
});
