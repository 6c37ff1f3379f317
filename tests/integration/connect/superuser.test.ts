import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate } from '../../../src/main/postgres/migrate';
import { findSuperuserRisk, type OtherHand } from '../../../src/main/postgres/superuser';
import {
  connectAsOther,
  createTestDatabase,
  describeOnEachPostgres,
  type TestDatabase,
} from '../../support/postgres';
import { asAdmin, connectionTo, migrationsFolder } from '../../support/postgres-cluster';
import { connectionTo as formFor } from '../../support/connection-fields';
import { type BrowserClient, openBrowserClient } from '../contract/browser-client';
import { failure, test } from './connecting';

/** A superuser, or who is as good as one, in a database where others own or may create things. */
const settings = {
  name: 'Others’ database',
  environmentLabel: '',
  colour: '',
  access: 'read-only',
  operatorUserId: null,
  reportingTimeZone: 'UTC',
} as const;

describeOnEachPostgres('a superuser', (major) => {
  const mark = randomBytes(4).toString('hex');
  const [boss, member, middle, maker, plain, stranger] = [
    `boss_${mark}`,
    `member_${mark}`,
    `middle_${mark}`,
    `maker_${mark}`,
    `plain_${mark}`,
    `stranger_${mark}`,
  ];
  let theirs: TestDatabase;
  let empty: TestDatabase;
  let own: TestDatabase;
  let client: BrowserClient;

  const form = (database: TestDatabase, user: string) => formFor(database, { user });
  const config = (database: TestDatabase, user: string) =>
    connectionTo(database.cluster, database.name, user);

  beforeAll(async () => {
    [theirs, empty, own, client] = await Promise.all([
      createTestDatabase({ major }),
      createTestDatabase({ major, migrated: false }),
      createTestDatabase({ major, migrated: false }),
      openBrowserClient('superuser-test'),
    ]);
    await asAdmin(theirs.cluster, (admin) =>
      admin.query(`
        CREATE ROLE ${boss} LOGIN SUPERUSER;
        CREATE ROLE ${middle} IN ROLE pg_execute_server_program;
        CREATE ROLE ${member} LOGIN NOINHERIT IN ROLE ${middle};
        CREATE ROLE ${maker} LOGIN CREATEROLE;
        CREATE ROLE ${plain} LOGIN BYPASSRLS REPLICATION;
        CREATE ROLE ${stranger} LOGIN;
        ALTER DATABASE ${own.name} OWNER TO ${boss}`),
    );
  });
  afterAll(async () => {
    await client.close();
    await Promise.all([theirs, empty, own].map((database) => database.drop()));
    await asAdmin(theirs.cluster, (admin) =>
      admin.query(`DROP ROLE ${[boss, member, middle, maker, plain, stranger].join(', ')}`),
    );
  });

  async function find(database: TestDatabase, user: string, prepare = '') {
    const session = await connectAsOther(config(database, user));
    try {
      await session.query('BEGIN');
      if (prepare !== '') await session.query(prepare);
      return await findSuperuserRisk(session);
    } finally {
      await session.end();
    }
  }

  it('is refused the test of a database that another role owns, and told whom to be instead', async () => {
    const refused = await failure(form(theirs, boss));
    expect(refused).toMatchObject({ code: 'db_superuser', reason: 'superuser' });
    expect(refused.message).toContain(`“${boss}” is a superuser`);
    expect(refused.hint).toContain(`Connect as “${theirs.cluster.ownerUser}”, who owns this database`);
  });

  it('opens it only after the choice, which is kept, marked, and made anew for another target', async () => {
    const input = { connection: form(theirs, boss), settings, rememberPassword: false };
    await expect(client.ask('workspace', 'connect', input)).rejects.toMatchObject({
      code: 'db_superuser',
      details: { others: expect.stringContaining('owns the database') as string },
    });
    expect((await client.ask('workspace', 'list', {})).profiles).toEqual([]);

    const { workspaceId } = await client.ask('workspace', 'connect', { ...input, acceptSuperuser: true });
    const state = async () => (await client.ask('app', 'watch', { sinceRevision: -1 })).workspace;
    expect(await state()).toMatchObject({ asSuperuser: true, schema: 'current' });
    await client.ask('workspace', 'open', { workspaceId });
    const tested = await client.ask('workspace', 'test', { connection: input.connection, workspaceId });
    expect(tested.superuserRisk).toMatchObject({ powers: 'a superuser' });
    expect(tested.superuserRisk?.others[0]).toBe(
      `“${theirs.cluster.ownerUser}” owns the database “${theirs.name}”`,
    );

    const refused = { code: 'db_superuser' };
    const elsewhere = form(empty, boss);
    const update = (changes: object) =>
      client.ask('workspace', 'update', { workspaceId, settings, ...changes });
    await expect(
      client.ask('workspace', 'test', { connection: elsewhere, workspaceId }),
    ).rejects.toMatchObject(refused);
    await expect(update({ connection: elsewhere })).rejects.toMatchObject(refused);
    expect(await client.ask('workspace', 'get', { workspaceId })).toMatchObject({
      connection: input.connection,
      superuserAccepted: true,
    });
    await client.ask('workspace', 'close', {});
    await update({ connection: elsewhere });
    await expect(client.ask('workspace', 'open', { workspaceId })).rejects.toMatchObject(refused);
    // Who comes back to the first target is asked again, too.
    await update({ connection: input.connection });
    await expect(client.ask('workspace', 'open', { workspaceId })).rejects.toMatchObject(refused);
    await client.ask('workspace', 'open', { workspaceId, acceptSuperuser: true });
    await update({ acceptSuperuser: false });
    expect((await client.ask('workspace', 'get', { workspaceId })).superuserAccepted).toBe(false);
    await expect(client.ask('workspace', 'open', { workspaceId })).rejects.toMatchObject(refused);
    await client.ask('workspace', 'forget', { workspaceId, withData: false });
  });

  it('migrates it only after the choice', async () => {
    const options = { folder: migrationsFolder };
    await expect(migrate(config(empty, boss), options)).rejects.toMatchObject({ code: 'db_superuser' });
    expect(await find(empty, empty.cluster.ownerUser)).toBeNull();
    const { rows } = await asAdmin(
      empty.cluster,
      (admin) => admin.query(`SELECT FROM pg_namespace WHERE nspname = 'drizzle'`),
      empty.name,
    );
    expect(rows).toEqual([]);
    const { applied } = await migrate(config(empty, boss), { ...options, acceptSuperuser: true });
    expect(applied).not.toEqual([]);
  });

  it('is asked before it migrates what others got a hand in after it was opened, and the choice is kept', async () => {
    const opened = await createTestDatabase({ major, migrated: false });
    try {
      await asAdmin(opened.cluster, (admin) => admin.query(`ALTER DATABASE ${opened.name} OWNER TO ${boss}`));
      const { workspaceId } = await client.ask('workspace', 'connect', {
        connection: form(opened, boss),
        settings: { ...settings, access: 'administer' },
        rememberPassword: false,
      });
      await asAdmin(
        opened.cluster,
        (admin) => admin.query(`GRANT CREATE ON SCHEMA public TO ${stranger}`),
        opened.name,
      );
      const kept = async () => (await client.ask('workspace', 'get', { workspaceId })).superuserAccepted;
      const accepted = { acceptOthersCreating: true };
      for (const input of [accepted, { ...accepted, acceptSuperuser: false }]) {
        await expect(client.ask('database', 'migrate', input)).rejects.toMatchObject({
          code: 'db_superuser',
          details: { others: `“${stranger}” may create in the schema “public”` },
        });
        expect(await kept()).toBe(false);
      }
      const { applied } = await client.ask('database', 'migrate', { ...accepted, acceptSuperuser: true });
      expect(applied).toContain('0000_base_tables');
      expect(await kept()).toBe(true);
      expect((await client.ask('app', 'watch', { sinceRevision: -1 })).workspace).toMatchObject({
        schema: 'current',
        asSuperuser: true,
      });
      await client.ask('workspace', 'forget', { workspaceId, withData: false });
    } finally {
      await opened.drop();
    }
  });

  it('in a database of its own, where nobody else may create, is asked nothing', async () => {
    expect(await find(own, boss)).toBeNull();
    expect((await test(form(own, boss))).superuserRisk).toBeNull();
    const { workspaceId } = await client.ask('workspace', 'connect', {
      connection: form(own, boss),
      settings,
      rememberPassword: false,
    });
    expect((await client.ask('app', 'watch', { sinceRevision: -1 })).workspace?.asSuperuser).toBe(false);
    await client.ask('workspace', 'forget', { workspaceId, withData: false });
  });

  const hands: readonly (readonly [string, () => string, OtherHand['kind']])[] = [
    ['may create schemas', () => `GRANT CREATE ON DATABASE ${own.name} TO ${stranger}`, 'createsSchemas'],
    ['may create in a schema', () => `GRANT CREATE ON SCHEMA public TO ${stranger}`, 'createsIn'],
    ['is everybody, who may create in public', () => 'GRANT CREATE ON SCHEMA public TO PUBLIC', 'createsIn'],
    ['may create in pg_catalog', () => `GRANT CREATE ON SCHEMA pg_catalog TO ${stranger}`, 'createsIn'],
    ['owns a schema', () => `CREATE SCHEMA lair AUTHORIZATION ${stranger}`, 'ownsSchema'],
    [
      'may put triggers on a table',
      () => `CREATE TABLE mine (); GRANT TRIGGER ON mine TO ${stranger}`,
      'createsTriggers',
    ],
    ['owns a function', () => owned('FUNCTION f()', `RETURNS int LANGUAGE sql AS 'SELECT 1'`), 'functions'],
    ['owns a procedure', () => owned('PROCEDURE f()', `LANGUAGE sql AS 'SELECT 1'`), 'functions'],
    ['owns an aggregate', () => owned('AGGREGATE f(int)', '(SFUNC = int4pl, STYPE = int)'), 'functions'],
    ['owns a view', () => owned('VIEW v', 'AS SELECT 1 AS one'), 'views'],
    ['owns a materialized view', () => owned('MATERIALIZED VIEW v', 'AS SELECT 1 AS one'), 'views'],
    ['owns a table', () => owned('TABLE t', '()'), 'tables'],
    ['owns a domain', () => owned('DOMAIN d', 'AS text'), 'types'],
    [
      'owns an operator',
      () => owned('OPERATOR +~+', '(FUNCTION = int4pl, LEFTARG = int, RIGHTARG = int)', '+~+ (int, int)'),
      'operators',
    ],
    ['owns a collation', () => owned('COLLATION c', `FROM "C"`), 'others'],
  ];
  it.each(hands)('is refused where a stranger %s', async (_what, prepare, kind) => {
    const risk = await find(own, boss, prepare());
    expect(risk?.others).toContainEqual(expect.objectContaining({ kind }));
    const role = prepare().includes('PUBLIC') ? null : stranger;
    expect(new Set(risk?.others.map((other) => other.role))).toEqual(new Set([role]));
  });

  /** Creates something and gives it to the stranger; `PROCEDURE f()` is named so in both statements. */
  function owned(name: string, definition: string, named?: string): string {
    const kind = /^[A-Z ]+(?= )/.exec(name)?.[0] ?? '';
    return `CREATE ${name} ${definition}; ALTER ${named === undefined ? name : `${kind} ${named}`} OWNER TO ${stranger}`;
  }

  it.each([
    ['pg_execute_server_program by two steps', () => member, ['pg_execute_server_program']],
    ['CREATEROLE where that means any role', () => maker, major < 16 ? ['createrole'] : null],
    ['BYPASSRLS and REPLICATION, which end at the server’s own data', () => plain, null],
  ] as const)('is who has %s', async (_what, user, powers) => {
    const risk = await find(theirs, user());
    expect(risk?.powers ?? null).toEqual(powers);
    if (powers !== null) expect(await failure(form(theirs, user()))).toMatchObject({ code: 'db_superuser' });
  });

  it('is who signed in, whatever role a setting makes of it', async () => {
    const risk = await find(theirs, boss, `SET LOCAL ROLE ${theirs.cluster.ownerUser}`);
    expect(risk).toMatchObject({ role: boss, powers: ['superuser'] });
  });

  it('runs nothing that waits there while it is being asked, whatever the search path', async () => {
    const planted = `
      CREATE SCHEMA evil;
      CREATE FUNCTION evil.trap() RETURNS boolean LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION 'planted'; END$$;
      ${['=', '<>', '<']
        .flatMap((operator) =>
          ['oid', 'name', 'text', '"char"', 'int4'].map(
            (type) =>
              `CREATE FUNCTION evil.trap(${type}, ${type}) RETURNS boolean LANGUAGE sql AS 'SELECT evil.trap()';
               CREATE OPERATOR evil.${operator} (FUNCTION = evil.trap, LEFTARG = ${type}, RIGHTARG = ${type});`,
          ),
        )
        .join('\n')
        .replaceAll('CREATE FUNCTION', 'CREATE OR REPLACE FUNCTION')}
      ${[
        'current_setting(text)',
        'current_database()',
        'starts_with(text, text)',
        'pg_has_role(oid, oid, text)',
      ]
        .map((name) => `CREATE FUNCTION evil.${name} RETURNS boolean LANGUAGE sql AS 'SELECT evil.trap()';`)
        .join('\n')}
      SET LOCAL search_path = evil, pg_catalog;`;
    expect(await find(own, boss, `${planted} GRANT CREATE ON SCHEMA public TO PUBLIC`)).toMatchObject({
      powers: ['superuser'],
    });
    await expect(
      (async () => {
        const session: pg.Client = await connectAsOther(config(own, boss));
        try {
          await session.query('BEGIN');
          await session.query(planted);
          await session.query(`SELECT FROM pg_catalog.pg_class WHERE relname = 'x'::name`);
        } finally {
          await session.end();
        }
      })(),
      'the trap works',
    ).rejects.toThrow('planted');
  });
});

describe('an ordinary owner', () => {
  it('is asked nothing, whoever else may create', async () => {
    const database = await createTestDatabase({ migrated: false });
    try {
      const session = await connectAsOther(database.config);
      await session.query('GRANT CREATE ON SCHEMA public TO PUBLIC');
      expect(await findSuperuserRisk(session)).toBeNull();
      await session.end();
    } finally {
      await database.drop();
    }
  });
});
