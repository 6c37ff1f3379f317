import { expect, it, onTestFinished } from 'vitest';
import { compareCatalogues } from '../../../src/main/health/catalogue/compare-catalogues';
import { describeCatalogue } from '../../../src/main/health/catalogue/describe-catalogue';
import { expectedCatalogue } from '../../../src/main/health/catalogue/expected-catalogue';
import { connect, createTestDatabase, describeOnEachPostgres } from '../../support/postgres';

describeOnEachPostgres('the expected catalogue', (major) => {
  it('is what the migrations make (else: npm run catalogue)', async () => {
    const database = await createTestDatabase({ major });
    const client = await connect(database.config);
    onTestFinished(async () => {
      await client.end();
      await database.drop();
    });
    await client.query('BEGIN READ ONLY');
    const found = await describeCatalogue(client);
    expect(compareCatalogues(expectedCatalogue, found)).toEqual([]);
    expect(found.length).toBe(expectedCatalogue.length);
  });
});
