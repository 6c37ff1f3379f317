import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { roleGrants } from '../../../src/main/database/roles/role-grants';
import { createSimulator, seedDemoState, type Simulator } from '../../support/litellm';
import { isLong } from '../../support/long-runs';
import { createTestDatabase, type TestDatabase } from '../../support/postgres';
import { openTestSession } from '../../support/test-session';
import { Refused } from '../contract/browser-client';
import { revocations } from './granted';
import {
  type Answers,
  createFilledDatabase,
  demoWrites,
  dropRole,
  makeRole,
  openConsole,
  quoted,
  readAll,
  roleInputs,
  withdrawFromPublic,
  writesFor,
} from './role-world';

const minutes = 60_000;
/** Answers that are of the moment (new ids and estimates among them), and those of what a role itself may do. */
const notCompared =
  /^(?:browse\.|sql\.(?:run|plan|history)|(?:users|teams)\.preview(?:Create|AddMembers)|apiKeys\.previewRevoke|models\.previewPrice|health\.check 5|database\.(?:status|partitions))/;

/** Each privilege is taken away alone: a call must then fail, or answer otherwise. */
describe.skipIf(!isLong)('without one of its privileges', () => {
  let database: TestDatabase;
  let admin: pg.Client;
  let simulator: Simulator;
  let inputs: Readonly<Record<string, readonly unknown[]>>;
  const names = { reader: '', administrator: '' };

  beforeAll(async () => {
    const filled = await createFilledDatabase(18);
    ({ database } = filled);
    admin = await openTestSession(database.adminConfig);
    simulator = await createSimulator({ state: seedDemoState({ now: new Date(), traceRows: 20 }) });
    const owner = await openConsole(database, database.config.user ?? '', 'read-only');
    inputs = await roleInputs(owner, simulator, filled.ids);
    await withdrawFromPublic(admin, database);
    for (const role of ['reader', 'administrator'] as const) {
      names[role] = `${role} of ${database.name}`;
      await makeRole(owner, admin, { role, name: names[role] });
    }
    await owner.close();
  }, 2 * minutes);
  afterAll(async () => {
    await simulator.close();
    for (const name of Object.values(names)) await dropRole(admin, name);
    await admin.end();
    await database.drop();
  });

  it(
    'the reader cannot do something that it could before',
    async () => {
      const name = names.reader;
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

  it(
    'the administrator cannot do something that it could before',
    async () => {
      const name = names.administrator;
      const ofReader = new Set(
        revocations(roleGrants.reader, database.name, quoted(name)).map(({ grant }) => grant),
      );
      const own = revocations(roleGrants.administrator, 'THIS', quoted(name)).filter(
        ({ grant }) => !ofReader.has(grant),
      );
      // A database is copied only while nobody is connected to it.
      await admin.end();
      const unneeded: string[] = [];
      try {
        expect(await canWriteWithout(name, null, database)).toBe(true);
        expect(await canWriteWithout(name, null, null)).toBe(true);
        for (const { grant } of own) {
          // What the demo alone needs is tried where the demo can be.
          const isUnneeded =
            (await canWriteWithout(name, grant, database)) && (await canWriteWithout(name, grant, null));
          if (isUnneeded) unneeded.push(grant);
        }
      } finally {
        admin = await openTestSession(database.adminConfig);
      }
      expect(unneeded).toEqual([]);
    },
    60 * minutes,
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

  /** Tries every write in a database of its own: a copy, or an empty one for the demo. */
  async function canWriteWithout(
    name: string,
    grant: string | null,
    original: TestDatabase | null,
  ): Promise<boolean> {
    const copy = await createTestDatabase(original === null ? {} : { template: original.name });
    const boss = await openTestSession(copy.adminConfig);
    try {
      if (original === null) {
        const owner = await openConsole(copy, copy.config.user ?? '', 'read-only');
        const { statements } = await owner.ask('database', 'roleSql', { role: 'administrator', name });
        await owner.close();
        await boss.query(statements);
      }
      await withdrawFromPublic(boss, copy);
      await boss.query(`GRANT CONNECT, TEMPORARY ON DATABASE ${copy.name} TO ${quoted(name)}`);
      if (grant !== null) {
        await boss.query(`REVOKE ${grant.replace('THIS', copy.name)} FROM ${quoted(name)}`);
      }
      const proxy = { baseUrl: simulator.url, apiKey: simulator.masterKey };
      const writes = original === null ? demoWrites : writesFor(proxy).filter(({ by }) => by !== 'owner');
      return await withConsole(copy, name, 'administer', async (client) => {
        for (const { run } of writes) {
          const done = await run(client).then(
            () => true,
            () => false,
          );
          if (!done) return false;
        }
        return true;
      });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return false;
    } finally {
      await boss.end();
      await copy.drop();
    }
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
