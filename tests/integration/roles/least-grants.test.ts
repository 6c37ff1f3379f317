import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { roleGrants } from '../../../src/main/database/roles/role-grants';
import { createSimulator, seedDemoState, type Simulator } from '../../support/litellm';
import { isLong } from '../../support/long-runs';
import { connect, type TestDatabase } from '../../support/postgres';
import { Refused } from '../contract/browser-client';
import { revocations } from './granted';
import {
  type Answers,
  createFilledDatabase,
  dropRole,
  makeRole,
  openConsole,
  quoted,
  readAll,
  roleInputs,
  withdrawFromPublic,
} from './role-world';

const minutes = 60_000;
/** Answers that are of the moment, and those of what a role itself may do. */
const notCompared =
  /^(?:browse\.|sql\.(?:run|plan|history)|users\.previewCreate|health\.check 5|database\.status)/;

/** Each privilege is taken away alone: a call must then fail, or answer otherwise. */
describe.skipIf(!isLong)('without one of its privileges', () => {
  let database: TestDatabase;
  let admin: pg.Client;
  let simulator: Simulator;
  let inputs: Readonly<Record<string, readonly unknown[]>>;
  let name: string;

  beforeAll(async () => {
    const filled = await createFilledDatabase(18);
    ({ database } = filled);
    admin = await connect(database.adminConfig);
    simulator = await createSimulator({ state: seedDemoState({ now: new Date(), traceRows: 20 }) });
    const owner = await openConsole(database, database.config.user ?? '', 'read-only');
    inputs = await roleInputs(owner, simulator, filled.ids);
    await withdrawFromPublic(admin, database);
    name = `reader of ${database.name}`;
    await makeRole(owner, admin, { role: 'reader', name });
    await owner.close();
  }, 2 * minutes);
  afterAll(async () => {
    await simulator.close();
    await dropRole(admin, name);
    await admin.end();
    await database.drop();
  });

  it(
    'the reader cannot do something that it could before',
    async () => {
      const whole = await withConsole(database, name, 'read-only', (client) => readAll(client, inputs));
      // Nothing is missed while nothing is missing.
      expect(await isMissed(database, name, whole)).toBe(false);
      const unneeded: string[] = [];
      for (const { grant, statement } of revocations(roleGrants.reader, database.name, quoted(name))) {
        await admin.query(statement);
        try {
          if (!(await isMissed(database, name, whole))) unneeded.push(grant);
        } finally {
          await admin.query(`GRANT ${grant} TO ${quoted(name)}`);
        }
      }
      expect(unneeded).toEqual([]);
    },
    30 * minutes,
  );

  /** Whether a role notices that something is missing, with as few calls as that takes. */
  async function isMissed(where: TestDatabase, name: string, whole: Answers): Promise<boolean> {
    let missed = false;
    try {
      await withConsole(where, name, 'read-only', (client) =>
        readAll(client, inputs, (called, answer) => {
          const isSame = JSON.stringify(answer) === JSON.stringify(whole[called]);
          missed ||= !isSame && !notCompared.test(called);
          return !missed;
        }),
      );
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return true;
    }
    return missed;
  }
});

async function withConsole<T>(
  database: TestDatabase,
  user: string,
  access: 'read-only' | 'administer',
  work: (client: Awaited<ReturnType<typeof openConsole>>) => Promise<T>,
): Promise<T> {
  const client = await openConsole(database, user, access);
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}
