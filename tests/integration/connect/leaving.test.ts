import { afterAll, beforeAll, expect, it } from 'vitest';
import { withLongReads } from '../../../src/main/browse/long-read';
import { openDatabase } from '../../../src/main/postgres/database';
import { createTestDatabase, type TestDatabase } from '../../support/postgres';

/** What becomes of work in a database that is left. */
let testDatabase: TestDatabase;
const { signal } = new AbortController();

beforeAll(async () => {
  testDatabase = await createTestDatabase();
});
afterAll(() => testDatabase.drop());

it('what still runs is cancelled: leaving waits for no export and no count', async () => {
  const database = openDatabase({ config: testDatabase.config, readOnly: false });
  let began = (): void => undefined;
  const isBegun = new Promise<void>((resolve) => (began = resolve));
  const counting = withLongReads(database).read(signal, async ({ client }) => {
    const answer = client.query('SELECT pg_sleep(600)');
    began();
    await answer;
  });
  const outcome = expect(counting).rejects.toMatchObject({ code: 'cancelled' });
  await isBegun;
  expect(database.closing.aborted).toBe(false);
  await database.close();
  expect(database.closing.aborted).toBe(true);
  await outcome;
  await expect(database.read(signal, () => Promise.resolve())).rejects.toMatchObject({ code: 'cancelled' });
});
