import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { describe, inject } from 'vitest';
import { createDatabase, type TestDatabase, type TestDatabaseOptions } from './postgres-databases';
import { clusterOfRun, missingPostgres, type PostgresMajor } from './postgres-cluster';

export type { TestDatabase } from './postgres-databases';

/**
 * A database of this test file on the run's cluster: a clone of the migrated template, or an empty one. Drop it in
 * `afterAll`.
 */
export async function createTestDatabase(
  options: TestDatabaseOptions & { readonly major?: PostgresMajor } = {},
): Promise<TestDatabase> {
  const cluster = await clusterOfRun(inject('postgresRunFolder'), options.major ?? 18);
  return createDatabase(cluster, `test_${randomBytes(6).toString('hex')}`, options);
}

/**
 * Connects as any other application does, with whatever settings the database and the role have: an attacker, a
 * neighbour. The caller ends the client.
 */
export async function connectAsOther(config: pg.ClientConfig): Promise<pg.Client> {
  const client = new pg.Client(config);
  await client.connect();
  return client;
}

/**
 * Runs the same tests on PostgreSQL 18 and 15. Where 15 is not installed they are skipped and say why, unless
 * LITEMAAS_REQUIRE names `pg15`: then they fail.
 */
export function describeOnEachPostgres(name: string, tests: (major: PostgresMajor) => void): void {
  for (const major of [18, 15] as const) {
    const missing = missingPostgres(major);
    const required = (process.env['LITEMAAS_REQUIRE'] ?? '').split(',').includes(`pg${major}`);
    if (missing !== null && !required) {
      describe.skip(`${name} (skipped: ${missing})`, () => tests(major));
    } else {
      describe(`${name} (PostgreSQL ${major})`, () => tests(major));
    }
  }
}
