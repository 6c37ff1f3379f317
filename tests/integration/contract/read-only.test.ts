import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../src/main/postgres/database';
import {
  insertApiKey,
  insertAuditEntry,
  insertModel,
  insertSubscription,
  insertTeam,
  insertUser,
} from '../../support/builders';
import { connectionTo } from '../../support/connection-fields';
import { createSimulator, type Simulator } from '../../support/litellm';
import { createTestDatabase, type TestDatabase } from '../../support/postgres';
import { openTestSession } from '../../support/test-session';
import { type BrowserClient, openBrowserClient, Refused } from './browser-client';
import {
  batch,
  leftBatch,
  fingerprint,
  inputsFor,
  inputsOf,
  type NamedProcedure,
  procedures,
} from './every-call';

/**
 * Every procedure that needs an open database, called on one that is open read-only by a role that may write there:
 * what writes is refused, what reads is answered, and nothing is different afterwards.
 */
describe.each([
  ['ours', fillOurs],
  ['another program’s', fillAnothers],
] as const)('a database that is %s, open read-only', (whose, fill) => {
  let database: TestDatabase;
  let client: BrowserClient;
  let admin: pg.Client;
  let simulator: Simulator;
  let inputs: Readonly<Record<string, readonly unknown[]>>;

  beforeAll(async () => {
    database = await createTestDatabase({ migrated: whose === 'ours' });
    admin = await openTestSession(database.adminConfig);
    const owner = await openTestSession(database.config);
    const ids = await fill(owner);
    await owner.end();
    simulator = await createSimulator();
    client = await openBrowserClient('read-only-test');
    await client.ask('workspace', 'connect', {
      connection: connectionTo(database),
      settings: {
        name: 'Read',
        environmentLabel: '',
        colour: '',
        access: 'read-only',
        operatorUserId: null,
        reportingTimeZone: 'UTC',
      },
      rememberPassword: false,
    });
    inputs = await inputsOf(client, simulator, ids);
  }, 60_000);
  afterAll(async () => {
    await client.close();
    await simulator.close();
    await admin.end();
    await database.drop();
  });

  it('is the same after every procedure, and those that write are refused by the console', async () => {
    const before = await fingerprint(admin);
    for (const called of procedures) {
      const { area, name } = called;
      const given = inputsFor(called, inputs);
      expect(given, `inputs for ${area}.${name}`).not.toEqual([]);
      for (const input of given) {
        const outcome = await outcomeOf(client, called, input);
        expect(outcome, `${area}.${name}`).toBe(expectedOutcome(called, whose === 'ours'));
      }
    }
    expect(await fingerprint(admin)).toEqual(before);
  });

  it.each(['write', 'batch'] as const)('is not written in a %s either: the server refuses', async (kind) => {
    const opened = openDatabase({ config: database.config, readOnly: true });
    try {
      const writing = opened[kind](new AbortController().signal, ({ client: session }) =>
        session.query(`UPDATE public.users SET username = 'changed'`),
      );
      await expect(writing).rejects.toMatchObject({ code: 'read_only', details: { sqlState: '25006' } });
    } finally {
      await opened.close();
    }
  });
});

/** Records to be read by id, and an index to be missed by health. */
async function fillOurs(client: pg.Client): Promise<Readonly<Record<string, string>>> {
  const { id: user } = await insertUser(client);
  const { id: team } = await insertTeam(client, { created_by: user });
  const { id: model } = await insertModel(client, { id: 'gpt' });
  await insertModel(client, { id: 'newer' });
  const { id: subscription } = await insertSubscription(client, { user_id: user, model_id: model });
  const { id: apiKey } = await insertApiKey(client, { user_id: user, subscription_id: subscription });
  const { id: entry } = await insertAuditEntry(client);
  await client.query(
    `INSERT INTO litemaas_console.changes (batch_id, action, record_kind, record_id, before, after, actor)
     VALUES ($1, 'USER_UPDATE', 'user', $2, '{"rpmLimit": "1"}', '{"rpmLimit": "60"}', 'test'),
       ($3, 'USER_OFFBOARD', 'user', $2, '{"isActive": true}', '{"isActive": false}', 'test')`,
    [batch, user, leftBatch],
  );
  await client.query('DROP INDEX idx_models_provider');
  return { user, team, model, subscription, apiKey, entry };
}

async function fillAnothers(client: pg.Client): Promise<Readonly<Record<string, string>>> {
  await client.query('CREATE TABLE users (id serial PRIMARY KEY, username text)');
  await client.query(`INSERT INTO users (username) VALUES ('ana')`);
  return {};
}

function expectedOutcome({ name, procedure: { scope, writes } }: NamedProcedure, isOurs: boolean): string {
  // Another program's database has no schema of the console's, which is what is missed first.
  if (scope === 'schema' && !isOurs) return 'db_version';
  // Roles are granted the console's relations, which are not there.
  if (!isOurs && (name === 'roleSql' || name === 'exportRoleSql')) return 'conflict';
  return writes ? 'read_only' : 'answered';
}

/** `answered`, or the code of the refusal; with the SQLSTATE where it was not the console that refused. */
async function outcomeOf(
  client: BrowserClient,
  { area, name, procedure }: NamedProcedure,
  input: unknown,
): Promise<string> {
  try {
    await client[procedure.kind === 'file' ? 'download' : 'ask'](area, name as never, input as never);
    return 'answered';
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return [error.code, error.details?.['sqlState']].filter((part) => part !== undefined).join(' ');
  }
}
