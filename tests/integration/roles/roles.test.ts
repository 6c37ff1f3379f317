import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { roleGrants } from '../../../src/main/database/roles/role-grants';
import { contract } from '../../../src/shared/contract/index';
import type { Procedure } from '../../../src/shared/contract/define';
import { createSimulator, seedDemoState, type Simulator } from '../../support/litellm';
import { createTestDatabase, describeOnEachPostgres, type TestDatabase } from '../../support/postgres';
import { openTestSession } from '../../support/test-session';
import { type BrowserClient, Refused } from '../contract/browser-client';
import { isLong } from '../../support/long-runs';
import { fingerprint } from '../contract/every-call';
import { definedGrants, grantsInDatabase } from './granted';
import {
  type Answers,
  createFilledDatabase,
  demoWrites,
  dropRole,
  makeRole,
  openConsole,
  readAll,
  refusal,
  roleInputs,
  withdrawFromPublic,
  type Write,
  writesFor,
} from './role-world';

const minutes = 60_000;

/** What a role other than the owner is told otherwise, because it is another: by procedure. */
const told = {
  'database.status 0': 'who is connected',
  'database.migrations 0': 'what the role may not create',
  'apiKeys.get 0': 'whether a value is stored',
  'browse.relations 0': 'what can be read',
  'browse.exportRelationsCsv 0': 'what can be read',
  'health.check 5': 'how many sessions cannot be looked into',
} as const;

/** Of the moment, or sealed for one console. */
const ofTheMoment: readonly string[] = [
  'browse.relation 0',
  // When it is.
  'apiKeys.previewRevoke 0',
  // Estimates, which the server settles when it has the time.
  'database.partitions 0',
  'browse.cell 0',
  'sql.run 0',
  'sql.plan 0',
  'sql.plan 1',
  'sql.history 0',
  'users.previewCreate 0',
  'teams.previewCreate 0',
  // Which id the price has, and from when it is.
  'models.previewPrice 0',
  'teams.previewAddMembers 0',
];

describeOnEachPostgres('the roles of a database', (major) => {
  let database: TestDatabase;
  let admin: pg.Client;
  let simulator: Simulator;
  let owner: BrowserClient;
  let inputs: Readonly<Record<string, readonly unknown[]>>;
  let whatTheOwnerReads: Answers;
  let writes: readonly Write[];
  const made: string[] = [];
  let reader: string;
  let administrator: string;
  let chief: string;

  beforeAll(async () => {
    const filled = await createFilledDatabase(major);
    ({ database } = filled);
    [reader, administrator, chief] = ['Reader "of"', 'Administrator of', 'owner_of'].map(
      (name) => `${name} ${database.name}`,
    ) as [string, string, string];
    admin = await openTestSession(database.adminConfig);
    simulator = await createSimulator({ state: seedDemoState({ now: new Date(), traceRows: 20 }) });
    owner = await openConsole(database, database.config.user ?? '', 'read-only');
    await withdrawFromPublic(admin, database);
    await makeRole(owner, admin, { role: 'reader', name: reader });
    await makeRole(owner, admin, { role: 'administrator', name: administrator });
    made.push(reader, administrator);
    inputs = await roleInputs(owner, simulator, filled.ids);
    whatTheOwnerReads = await readAll(owner, inputs);
    writes = writesFor({ baseUrl: simulator.url, apiKey: simulator.masterKey });
  }, 3 * minutes);

  afterAll(async () => {
    await owner.close();
    await simulator.close();
    for (const name of made) await dropRole(admin, name);
    await admin.end();
    await database.drop();
  });

  async function inConsole<T>(
    user: string,
    access: 'read-only' | 'administer',
    work: (client: BrowserClient) => Promise<T>,
  ): Promise<T> {
    const client = await openConsole(database, user, access);
    try {
      return await work(client);
    } finally {
      await client.close();
    }
  }

  /** What each call of `writes` came to: `done`, or the refusal's code and SQLSTATE. */
  async function outcomes(client: BrowserClient, calls: readonly Write[]): Promise<string[]> {
    const found: string[] = [];
    for (const { procedure, run } of calls) {
      try {
        await run(client);
        found.push(`${procedure} done`);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        expect(error.message.length, refusal(error)).toBeGreaterThan(30);
        found.push(`${procedure} ${refusal(error).replace(/:.*/s, '').trim()}`);
      }
    }
    return found;
  }

  /** What is different from what the owner reads, by procedure. */
  function differences(answers: Answers): string[] {
    return Object.keys(whatTheOwnerReads).filter(
      (name) =>
        !ofTheMoment.includes(name) &&
        JSON.stringify(answers[name]) !== JSON.stringify(whatTheOwnerReads[name]),
    );
  }

  const refusedAmong = (answers: Answers): unknown[] =>
    Object.entries(answers).filter(
      ([name, answer]) =>
        name !== 'browse.cell 0' && typeof answer === 'string' && /^[a-z_]+ \w*: /.test(answer),
    );

  it.each(['reader', 'administrator'] as const)(
    'give the %s what is defined, and nothing besides',
    async (role) => {
      const name = role === 'reader' ? reader : administrator;
      expect(await grantsInDatabase(admin, name)).toEqual(definedGrants(roleGrants[role]));
    },
  );

  it(
    'let the reader read everything as the owner does, but for values of keys',
    async () => {
      expect(refusedAmong(whatTheOwnerReads)).toEqual([]);
      const answers = await inConsole(reader, 'read-only', (client) => readAll(client, inputs));
      expect(refusedAmong(answers)).toEqual([]);
      expect(differences(answers).filter((name) => !(name in told))).toEqual([]);
      expect(whatTheOwnerReads['apiKeys.get 0']).toMatchObject({ valueStored: true });
      expect(answers['apiKeys.get 0']).toEqual({
        ...(whatTheOwnerReads['apiKeys.get 0'] as object),
        valueStored: null,
      });
      const session = await openTestSession({ ...database.config, user: reader });
      await expect(session.query('SELECT lite_llm_key_value FROM public.api_keys')).rejects.toMatchObject({
        code: '42501',
      });
      await session.end();
    },
    2 * minutes,
  );

  it(
    'refuse the reader every change, in words, and nothing is different afterwards',
    async () => {
      const before = await fingerprint(admin);
      const found = await inConsole(reader, 'administer', (client) => outcomes(client, writes));
      const forbidden = writes.map(({ procedure, by }) => {
        // It cannot link, so that nothing is linked; an export is refused before it is begun.
        if (procedure === 'sync.run' || procedure === 'sync.unlink') return `${procedure} not_found`;
        // It could make nobody for whom there would be a key.
        if (/^apiKeys\.create(Many)?$/.test(procedure)) return `${procedure} validation`;
        // Nothing was made that it could rotate.
        if (procedure === 'apiKeys.rotate') return `${procedure} validation`;
        if (procedure === 'sync.send') return `${procedure} done`;
        // A deletion is under way for `changes.finish`: until then nobody rebuilds usage, which is said first.
        const rebuilds = procedure === 'health.repair' && by !== 'owner';
        if (rebuilds || procedure === 'settings.changeReportingTimeZone') return `${procedure} conflict`;
        return procedure === 'audit.exportCsv'
          ? `${procedure} db_permission`
          : `${procedure} db_permission 42501`;
      });
      expect(found).toEqual(forbidden);
      expect(await fingerprint(admin)).toEqual(before);
    },
    2 * minutes,
  );

  it(
    'let the administrator read everything and make every change but the owner’s',
    async () => {
      const answers = await inConsole(administrator, 'read-only', (client) => readAll(client, inputs));
      expect(refusedAmong(answers)).toEqual([]);
      expect(differences(answers).filter((name) => !(name in told))).toEqual([]);
      const found = await inConsole(administrator, 'administer', (client) => outcomes(client, writes));
      expect(found).toEqual(
        writes.map(({ procedure, by }) =>
          by === 'owner' ? `${procedure} db_permission 42501` : `${procedure} done`,
        ),
      );
    },
    3 * minutes,
  );

  it(
    'leave migrations, repairs and months of the log to the owner, to whom all of it can be given',
    async () => {
      await admin.query(
        `UPDATE litemaas_console.routines SET number = 0 WHERE name = 'routines/010_updated_at'`,
      );
      await inConsole(administrator, 'administer', async (client) => {
        await expect(client.ask('database', 'migrate', {})).rejects.toMatchObject({ code: 'db_permission' });
        await expect(
          client.ask('database', 'roleSql', { role: 'reader', name: 'one more' }),
        ).rejects.toMatchObject({ code: 'conflict' });
      });

      await makeRole(owner, admin, { role: 'owner', name: chief });
      made.push(chief);
      await inConsole(chief, 'administer', async (client) => {
        expect(await client.ask('database', 'migrate', {})).toEqual({ applied: ['routines/010_updated_at'] });
        const { statements, exists } = await client.ask('database', 'roleSql', {
          role: 'owner',
          name: chief,
        });
        expect({ exists, moves: /^(?:ALTER|CREATE)/m.test(statements) }).toEqual({
          exists: true,
          moves: false,
        });
        expect(
          await outcomes(
            client,
            writes.filter(({ by }) => by === 'owner'),
          ),
        ).toEqual(['health.repair done', 'database.createPartitions done']);
        expect(refusedAmong(await readAll(client, inputs))).toEqual([]);
      });
      const { rows } = await admin.query(
        `SELECT c.oid::regclass::text AS name FROM pg_class AS c JOIN pg_roles AS r ON r.oid = c.relowner
       WHERE c.relnamespace::regnamespace::text IN ('public', 'litemaas_console', 'drizzle') AND r.rolname <> $1`,
        [chief],
      );
      expect(rows).toEqual([]);
    },
    3 * minutes,
  );

  // The demo takes a minute on a busy machine.
  it.skipIf(major === 15 && !isLong)(
    'begin with an empty database, and hold for demo data',
    async () => {
      const empty = await createTestDatabase({ migrated: false, major });
      const boss = await openTestSession(empty.adminConfig);
      const names = {
        owner: `chief of ${empty.name}`,
        administrator: `administrator of ${empty.name}`,
      } as const;
      try {
        const first = await openConsole(empty, empty.config.user ?? '', 'read-only');
        await makeRole(first, boss, { role: 'owner', name: names.owner });
        await first.close();
        const chiefs = await openConsole(empty, names.owner, 'administer');
        await chiefs.ask('database', 'migrate', {});
        await withdrawFromPublic(boss, empty);
        await makeRole(chiefs, boss, { role: 'administrator', name: names.administrator });
        await chiefs.close();
        const client = await openConsole(empty, names.administrator, 'administer');
        expect(await outcomes(client, demoWrites)).toEqual(['demo.load done', 'demo.remove done']);
        await client.close();
      } finally {
        for (const name of [names.administrator, names.owner]) await dropRole(boss, name);
        await boss.end();
        await empty.drop();
      }
    },
    4 * minutes,
  );

  it('are tried with every procedure that writes', () => {
    const writing = Object.entries(contract).flatMap(([area, named]) =>
      Object.entries<Procedure>(named)
        .filter(([, procedure]) => procedure.writes)
        .map(([name]) => `${area}.${name}`),
    );
    const tried = new Set([...writes, ...demoWrites].map(({ procedure }) => procedure));
    expect(writing.filter((name) => !tried.has(name))).toEqual(['database.migrate']);
  });
});
