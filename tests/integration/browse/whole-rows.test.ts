import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeOnEachPostgres } from '../../support/postgres';
import { type BrowseCalls, openBrowseCalls } from './browse-calls';

/** A whole row as one value shows every column of it, also those that are never shown by themselves. */
describeOnEachPostgres('a whole row in a result of SQL', (major) => {
  let calls: BrowseCalls;

  beforeAll(async () => {
    calls = await openBrowseCalls({ access: 'read-only', major });
    await calls.client.query(`
      CREATE TABLE account (id int, name text, password_hash text);
      INSERT INTO account VALUES (1, 'ana', 'hidden');
      CREATE DOMAIN known_account AS account CHECK (true);
      CREATE TABLE membership (team text, member account, password_set_at timestamptz);
      INSERT INTO membership SELECT 'crew', account FROM account;
      CREATE TABLE harmless (id int, name text);
      INSERT INTO harmless VALUES (1, 'shown')`);
  });
  afterAll(() => calls.close());

  const cellsOf = async (statement: string) => (await calls.ask('sql', 'run', { statement })).rows[0];

  it.each([
    'SELECT a FROM account AS a',
    'SELECT array_agg(a) FROM account AS a',
    'SELECT a::known_account FROM account AS a',
    'SELECT array_agg(a::known_account) FROM account AS a',
    'SELECT member FROM membership',
    'SELECT m FROM membership AS m',
    'SELECT a FROM (SELECT * FROM account) AS a',
    'SELECT ROW(a.*) FROM account AS a',
    'SELECT array_agg(a) FROM (SELECT * FROM account) AS a',
  ])('is masked where it holds a secret: %s', async (statement) => {
    expect(await cellsOf(statement)).toEqual([{ text: null, masked: true }]);
    expect(await calls.download('sql', 'exportCsv', { statement })).not.toContain('hidden');
  });

  it('is shown where it holds none', async () => {
    expect(await cellsOf('SELECT h, array_agg(h) FROM harmless AS h GROUP BY h')).toEqual([
      { text: '(1,shown)' },
      { text: '{"(1,shown)"}' },
    ]);
  });
});
