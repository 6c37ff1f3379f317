import { expect, it, onTestFinished } from 'vitest';
import { compareCatalogues } from '../../../src/main/health/catalogue/compare-catalogues';
import { describeCatalogue } from '../../../src/main/health/catalogue/describe-catalogue';
import { expectedCatalogue } from '../../../src/main/health/catalogue/expected-catalogue';
import { createTestDatabase, describeOnEachPostgres } from '../../support/postgres';
import { openTestSession } from '../../support/test-session';

describeOnEachPostgres('the expected catalogue', (major) => {
  it('is what the migrations make (else: npm run catalogue)', async () => {
    const database = await createTestDatabase({ major });
    const client = await openTestSession(database.config);
    onTestFinished(async () => {
      await client.end();
      await database.drop();
    });
    await client.query('BEGIN READ ONLY');
    const found = await describeCatalogue(client);
    expect(compareCatalogues(expectedCatalogue, found)).toEqual([]);
    expect(found.length).toBe(expectedCatalogue.length);
  });

  it('is what a database restored from pg_dump has, whose expressions are printed otherwise', async () => {
    const database = await createTestDatabase({ major });
    const client = await openTestSession(database.config);
    onTestFinished(async () => {
      await client.end();
      await database.drop();
    });
    // What pg_dump does: each check is made again from the text the server prints of it.
    const checks = `
      SELECT format('%I.%I', n.nspname, c.relname) AS relation, quote_ident(k.conname) AS name,
        pg_get_constraintdef(k.oid) AS definition
      FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE k.contype = 'c' AND NOT c.relispartition AND n.nspname IN ('public', 'litemaas_console') ORDER BY 1, 2`;
    interface Check {
      relation: string;
      name: string;
      definition: string;
    }
    const { rows: before } = await client.query<Check>(checks);
    for (const { relation, name, definition } of before) {
      await client.query(
        `ALTER TABLE ${relation} DROP CONSTRAINT ${name}, ADD CONSTRAINT ${name} ${definition}`,
      );
    }
    const { rows: after } = await client.query<Check>(checks);
    expect(after).not.toEqual(before);
    await client.query('BEGIN READ ONLY');
    expect(compareCatalogues(expectedCatalogue, await describeCatalogue(client))).toEqual([]);
    await client.query('ROLLBACK');

    await client.query(`
      ALTER TABLE users DROP CONSTRAINT users_sync_status_check, ADD CONSTRAINT users_sync_status_check
        CHECK (sync_status IN ('pending', 'synced', 'other'))`);
    await client.query('BEGIN READ ONLY');
    expect(compareCatalogues(expectedCatalogue, await describeCatalogue(client))).toMatchObject([
      { state: 'changed', expected: { name: 'users_sync_status_check' } },
    ]);
  });
});
