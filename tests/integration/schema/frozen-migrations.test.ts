import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { readMigrations, readRoutines } from '../../../src/main/postgres/migrate';
import { migrationsFolder } from '../../support/postgres-cluster';

/** Hashes of all files; a routine has one for each of its numbers, the present one last. */
interface FrozenFiles {
  readonly migrations: Readonly<Record<string, string>>;
  readonly routines: Readonly<Record<string, readonly string[]>>;
}

const frozen = JSON.parse(
  await readFile(new URL('../../fixtures/frozen-migrations.json', import.meta.url), 'utf8'),
) as FrozenFiles;

it('has the migrations that databases were made by, and no others', async () => {
  const found = (await readMigrations(migrationsFolder)).map(({ name, hash }) => [name, hash] as const);
  expect(Object.fromEntries(found)).toEqual(frozen.migrations);
});

it('raises the number of every routine whose text changes', async () => {
  const routines = await readRoutines(migrationsFolder);
  const found = routines.map(({ name, number, hash }) => [name, { number, hash }] as const);
  const recorded = Object.entries(frozen.routines).map(
    ([name, hashes]) => [name, { number: hashes.length, hash: hashes.at(-1) }] as const,
  );
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(recorded));
});
