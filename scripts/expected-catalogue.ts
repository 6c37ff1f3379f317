import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeCatalogue } from '../src/main/health/catalogue/describe-catalogue';
import {
  clusterOfRun,
  connectionTo,
  createRunFolder,
  removeRunFolder,
  templateDatabase,
} from '../tests/support/postgres-cluster';
import { openTestSession } from '../tests/support/test-session';

/**
 * `npm run catalogue`, after each new migration: migrates an empty database and writes down what it consists of. Schema
 * health compares databases with it.
 */
const target = join(import.meta.dirname, '../src/main/health/catalogue/expected-catalogue.ts');

const folder = await createRunFolder();
try {
  const client = await openTestSession(connectionTo(await clusterOfRun(folder, 18), templateDatabase));
  await client.query('BEGIN READ ONLY');
  const items = await describeCatalogue(client);
  await client.end();
  const lines = items.map((item) => `  ${JSON.stringify(item)},`).join('\n');
  await writeFile(
    target,
    `import type { CatalogueItem } from './catalogue-item';

/** What the migrations make. Written by \`npm run catalogue\`; a test compares it with a migrated database. */
export const expectedCatalogue: readonly CatalogueItem[] = [
${lines}
];
`,
  );
} finally {
  await removeRunFolder(folder);
}
