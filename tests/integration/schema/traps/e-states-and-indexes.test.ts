import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PgDialect } from 'drizzle-orm/pg-core';
import type pg from 'pg';
import { expect, it } from 'vitest';
import { findings } from '../../../../src/main/overview/findings';
import { migrate } from '../../../../src/main/postgres/migrate';
import { insertApiKey, insertTeam, insertUser } from '../../../support/builders';
import { migrationsFolder } from '../../../support/postgres-cluster';
import { createTestDatabase } from '../../../support/postgres';
import { describeTraps, outcomeOf, valueOf } from './describe-traps';
import { subscribe, use } from './trap-data';

/** What the overview says about the database. */
const countOfFinding = (client: pg.Client, kind: string): Promise<unknown> => {
  const found = findings.find((finding) => finding.kind === kind);
  if (!found) throw new Error(`There is no finding ${kind}`);
  const { sql, params } = new PgDialect().sqlToQuery(found.count);
  return valueOf(client, sql, params);
};

describeTraps('states, columns and indexes', (traps, major) => {
  it('E8: a migration can add a status, and the next one use it', async () => {
    const { document, ours } = traps;
    const add = `ALTER TYPE subscription_status ADD VALUE 'archived'`;
    await subscribe(document);
    const useIt = `UPDATE subscriptions SET status = 'archived'`;
    expect(await outcomeOf(document, useIt)).toBe('22P02');
    await document.query(add);
    expect(await outcomeOf(document, useIt)).toBe('55P04');
    expect(await outcomeOf(ours, useIt)).toBe('22P02');

    const folder = await mkdtemp(join(tmpdir(), 'litemaas-migrations-'));
    const database = await createTestDatabase({ major });
    try {
      await cp(migrationsFolder, folder, { recursive: true });
      await writeFile(
        join(folder, '9998_add.sql'),
        `-- Adds a status.\n-- litemaas: no-transaction\nALTER TYPE public.subscription_status ADD VALUE 'archived';\n`,
      );
      await writeFile(
        join(folder, '9999_use.sql'),
        `-- Uses it.\nALTER TABLE public.subscriptions ALTER COLUMN status SET DEFAULT 'archived';\n`,
      );
      const path = join(folder, 'meta', '_journal.json');
      const journal = JSON.parse(await readFile(path, 'utf8')) as { entries: { when: number }[] };
      const added = ['9998_add', '9999_use'].map((tag, index) => ({
        idx: 9998 + index,
        version: '7',
        when: Math.max(...journal.entries.map(({ when }) => when)) + 1 + index,
        tag,
        breakpoints: true,
      }));
      await writeFile(path, JSON.stringify({ ...journal, entries: [...journal.entries, ...added] }));
      const { applied } = await migrate(database.config, { folder });
      expect(applied.filter((name) => !name.startsWith('routines/'))).toEqual(['9998_add', '9999_use']);
    } finally {
      await database.drop();
      await rm(folder, { recursive: true });
    }
  });

  it('E9: changing a team moves its time of change', async () => {
    const isMoved = async (client: pg.Client): Promise<unknown> => {
      const { id } = await insertTeam(client, { updated_at: '2024-01-01T00:00:00Z' });
      await client.query(`UPDATE teams SET description = 'changed' WHERE id = $1`, [id]);
      return valueOf(client, `SELECT updated_at > '2024-01-01T00:00:00Z' FROM teams WHERE id = $1`, [id]);
    };
    expect(await isMoved(traps.document)).toBe(false);
    expect(await isMoved(traps.ours)).toBe(true);

    // The document's function on a table without the column makes every update of it fail.
    const key = await insertApiKey(traps.document, { user_id: (await insertUser(traps.document)).id });
    await traps.document.query(`CREATE TRIGGER update_api_keys_updated_at BEFORE UPDATE ON api_keys
      FOR EACH ROW EXECUTE FUNCTION update_updated_at_column()`);
    expect(await outcomeOf(traps.document, `UPDATE api_keys SET name = 'n' WHERE id = $1`, [key.id])).toBe(
      '42703',
    );
    const { rows } = await traps.ours.query(`
      SELECT t.tgrelid::regclass::text AS "table" FROM pg_trigger t
      WHERE t.tgfoid = 'update_updated_at_column'::regproc AND NOT EXISTS (
        SELECT FROM pg_attribute a WHERE a.attrelid = t.tgrelid AND a.attname = 'updated_at')`);
    expect(rows).toEqual([]);
  });

  it('E10: states, roles and counters are never NULL, and no word beyond those that exist', async () => {
    const attempts: readonly (readonly [string, string])[] = [
      [`UPDATE users SET sync_status = 'banana'`, '23514'],
      [`UPDATE teams SET sync_status = 'banana'`, '23514'],
      [`UPDATE subscriptions SET sync_status = 'banana'`, '23514'],
      [`UPDATE api_keys SET sync_status = 'banana'`, '23514'],
      [`UPDATE team_members SET role = 'banana'`, '23514'],
      [`UPDATE usage_summaries SET period_type = 'banana'`, '23514'],
      [`UPDATE users SET sync_status = NULL`, '23502'],
      [`UPDATE users SET roles = NULL`, '23502'],
      [`UPDATE users SET is_active = NULL`, '23502'],
      [`UPDATE subscriptions SET status = NULL`, '23502'],
      [`UPDATE subscriptions SET used_requests = NULL`, '23502'],
      [`UPDATE subscriptions SET used_tokens = NULL`, '23502'],
      [`UPDATE api_keys SET is_active = NULL`, '23502'],
      [`UPDATE models SET is_active = NULL`, '23502'],
    ];
    for (const client of [traps.document, traps.ours]) {
      const subscribed = await subscribe(client);
      await insertApiKey(client, { user_id: subscribed.userId });
      const team = await insertTeam(client);
      await client.query('INSERT INTO team_members (team_id, user_id) VALUES ($1, $2)', [
        team.id,
        subscribed.userId,
      ]);
      await use(client, subscribed);
      for (const [statement, refusal] of attempts) {
        const expected = client === traps.ours ? refusal : 'succeeded';
        expect([statement, await outcomeOf(client, statement)]).toEqual([statement, expected]);
      }
    }
  });

  it('E11: people whose addresses differ only in case are found', async () => {
    const find = `SELECT FROM users WHERE lower(email) = 'a@x.com'`;
    const planOf = async (client: pg.Client): Promise<string> => {
      for (const email of ['A@x.com', 'a@X.com']) await insertUser(client, { email });
      await client.query('SET LOCAL enable_seqscan = off');
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${find}`);
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    };
    expect(await planOf(traps.document)).toContain('Filter: (lower(');

    const plan = await planOf(traps.ours);
    expect(plan).toContain('idx_users_email_lower');
    expect(plan).toContain('Index Cond: (lower(');
    expect(await countOfFinding(traps.ours, 'users_same_email')).toBe(2);
  });

  it('E12: a prefix longer than "sk-litellm" fits', async () => {
    const insert = `INSERT INTO api_keys (user_id, key_hash, key_prefix) VALUES ($1, 'hash', 'sk-litellm-1')`;
    const { id } = await insertUser(traps.document);
    expect(await outcomeOf(traps.document, insert, [id])).toBe('22001');
    expect(await outcomeOf(traps.ours, insert, [(await insertUser(traps.ours)).id])).toBe('succeeded');
  });

  it('E13: no index repeats a unique one, and every index of the document is there by its name', async () => {
    const repeated = `
      SELECT c.relname AS name FROM pg_index i
      JOIN pg_class c ON c.oid = i.indexrelid AND c.relnamespace = 'public'::regnamespace AND NOT c.relispartition
      JOIN pg_index u ON u.indrelid = i.indrelid AND u.indisunique
      WHERE NOT i.indisunique AND i.indpred IS NULL AND i.indexprs IS NULL AND u.indpred IS NULL AND u.indexprs IS NULL
        AND starts_with(u.indkey::text || ' ', i.indkey::text || ' ')
        AND starts_with(u.indclass::text || ' ', i.indclass::text || ' ')
        AND starts_with(u.indcollation::text || ' ', i.indcollation::text || ' ')
      ORDER BY 1`;
    const names = async (client: pg.Client, query: string): Promise<string[]> => {
      const { rows } = await client.query<{ name: string }>(query);
      return rows.map(({ name }) => name);
    };
    expect(await names(traps.document, repeated)).toEqual([
      'idx_api_key_models_key',
      'idx_api_keys_hash',
      'idx_team_members_team',
      'idx_usage_summaries_subscription',
      'idx_users_email',
      'idx_users_oauth',
      'idx_users_username',
    ]);
    expect(await names(traps.ours, repeated)).toEqual([]);

    const named = `SELECT indexname AS name FROM pg_indexes WHERE schemaname = 'public' AND indexname LIKE 'idx\\_%'`;
    const documented = await names(traps.document, named);
    expect(documented.length).toBeGreaterThan(30);
    expect(await names(traps.ours, named)).toEqual(expect.arrayContaining(documented));
  });
});
