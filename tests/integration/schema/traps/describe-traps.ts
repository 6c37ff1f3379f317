import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { createTestDatabase, describeOnEachPostgres, type TestDatabase } from '../../../support/postgres';
import { openTestSession } from '../../../support/test-session';
import { createRepairedDocument } from './document-schema';

/** The document's schema (repaired just far enough to exist) and ours, side by side on one server. */
export interface Traps {
  /** A transaction that is rolled back after the test. */
  readonly document: pg.Client;
  /** A transaction that is rolled back after the test. */
  readonly ours: pg.Client;
  readonly documentDatabase: TestDatabase;
  readonly ourDatabase: TestDatabase;
}

/** Runs the tests on each supported version of PostgreSQL. */
export function describeTraps(name: string, tests: (traps: Traps, major: 18 | 15) => void): void {
  describeOnEachPostgres(name, (major) => {
    let documentDatabase: TestDatabase;
    let ourDatabase: TestDatabase;
    let document: pg.Client;
    let ours: pg.Client;

    beforeAll(async () => {
      documentDatabase = await createTestDatabase({ major, migrated: false });
      document = await openTestSession(documentDatabase.config);
      await createRepairedDocument(document);
      ourDatabase = await createTestDatabase({ major });
      ours = await openTestSession(ourDatabase.config);
    });
    afterAll(async () => {
      await document.end();
      await documentDatabase.drop();
      await ours.end();
      await ourDatabase.drop();
    });
    beforeEach(async () => {
      await document.query('BEGIN');
      await ours.query('BEGIN');
    });
    afterEach(async () => {
      await document.query('ROLLBACK');
      await ours.query('ROLLBACK');
    });

    tests(
      {
        get document() {
          return document;
        },
        get ours() {
          return ours;
        },
        get documentDatabase() {
          return documentDatabase;
        },
        get ourDatabase() {
          return ourDatabase;
        },
      },
      major,
    );
  });
}

/** The SQLSTATE a statement fails with, or 'succeeded'. What fails is undone; the transaction goes on. */
export async function outcomeOf(
  client: pg.ClientBase,
  statement: string,
  values?: unknown[],
): Promise<string> {
  await client.query('SAVEPOINT outcome');
  try {
    await client.query(statement, values);
  } catch (error) {
    await client.query('ROLLBACK TO outcome');
    return (error as pg.DatabaseError).code ?? String(error);
  }
  await client.query('RELEASE outcome');
  return 'succeeded';
}

/** The first row of the answer. */
export async function one(
  client: pg.ClientBase,
  query: string,
  values?: unknown[],
): Promise<Record<string, unknown> | undefined> {
  const { rows } = await client.query<Record<string, unknown>>(query, values);
  return rows[0];
}

/** The single column of the first row. */
export async function valueOf(client: pg.ClientBase, query: string, values?: unknown[]): Promise<unknown> {
  return Object.values((await one(client, query, values)) ?? {})[0];
}
