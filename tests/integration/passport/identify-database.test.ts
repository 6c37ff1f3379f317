import type pg from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { identifyDatabase } from '../../../src/main/postgres/passport';
import { inspectSchema } from '../../../src/main/workspace/inspect-schema';
import type { Passport } from '../../../src/shared/contract/passport';
import {
  createLitellmSchema,
  createLitemaasSchema,
  litemaasReleases,
  type LitemaasRelease,
} from '../../support/other-schemas';
import { createTestDatabase, describeOnEachPostgres } from '../../support/postgres';
import { openTestSession } from '../../support/test-session';
import { asAdmin, migrationsFolder } from '../../support/postgres-cluster';
import { createRepairedDocument } from '../schema/traps/document-schema';

/** Operators of the types that the catalogue is asked with, each of which ends the statement that resolves it. */
const plantedOperators = ['name', 'text', 'oid', '"char"', 'int2'].flatMap((type) => {
  const name = `planted_${type.replaceAll('"', '')}`;
  const [left, right] = type.startsWith('int') ? ['int2', 'int4'] : [type, type];
  return [
    `CREATE FUNCTION trap.${name}(${left}, ${right}) RETURNS boolean LANGUAGE plpgsql
       AS $$ BEGIN RAISE EXCEPTION 'planted'; END $$;`,
    ...['=', '<>', '>', '!~'].map(
      (operator) =>
        `CREATE OPERATOR trap.${operator} (LEFTARG = ${left}, RIGHTARG = ${right}, FUNCTION = trap.${name});`,
    ),
  ];
});

describeOnEachPostgres('a database is recognised by its catalogue', (major) => {
  async function open(options: { migrated?: boolean } = {}): Promise<pg.Client> {
    const database = await createTestDatabase({ major, migrated: false, ...options });
    const client = await openTestSession(database.config);
    onTestFinished(async () => {
      await client.end();
      await database.drop();
    });
    return client;
  }

  async function passportOf(client: pg.Client): Promise<Passport> {
    const passport = await identifyDatabase(client);
    // The two answers to "what is this" must never contradict each other.
    const schema = await inspectSchema(client, passport, migrationsFolder);
    if (passport.kind === 'empty') expect(schema).toBe('empty');
    else if (passport.kind === 'console') expect(['current', 'behind', 'changed', 'ahead']).toContain(schema);
    else expect(schema).toBe('foreign');
    return passport;
  }

  it('ours', async () => {
    expect(await passportOf(await open({ migrated: true }))).toMatchObject({
      kind: 'console',
      generation: null,
      holdsLitellm: false,
    });
  });

  it('ours with a table dropped, with LiteLLM beside it, and with LiteMaaS started on it', async () => {
    const client = await open({ migrated: true });
    await client.query('DROP TABLE api_key_models CASCADE');
    await createLitellmSchema(client);
    await client.query('ALTER TABLE models ADD COLUMN input_cost_per_token NUMERIC(15, 10)');
    const passport = await passportOf(client);
    expect(passport).toMatchObject({ kind: 'console', holdsLitellm: true });
    expect(passport.statement).toContain('LiteLLM’s tables share the database.');
  });

  it('ours without the record of its migrations, as an incomplete copy has it', async () => {
    const client = await open({ migrated: true });
    await client.query('DROP SCHEMA drizzle CASCADE');
    const passport = await passportOf(client);
    expect(passport.kind).toBe('document');
    expect(passport.statement).toContain('record of migrations');
  });

  it('the schema document’s own tables', async () => {
    const client = await open();
    await createRepairedDocument(client);
    const passport = await passportOf(client);
    expect(passport).toMatchObject({ kind: 'document', generation: null });
    expect(passport.statement).toContain('never run on this database');
  });

  it.each(litemaasReleases)('LiteMaaS %s, made afresh', async (release: LitemaasRelease) => {
    const client = await open();
    await createLitemaasSchema(client, release);
    const passport = await passportOf(client);
    expect(passport).toMatchObject({ kind: 'litemaas', generation: release, holdsLitellm: false });
    const next = litemaasReleases[litemaasReleases.indexOf(release) + 1];
    const end = next === undefined ? 'or later' : `to before ${next}`;
    expect(passport.statement).toContain(`with the schema of release ${release} ${end}.`);
    expect(passport.statement).not.toContain('missing');
    expect(passport.statement).not.toContain('It began with');
  });

  it.each(['0.1.1', '0.3.1'] as const)('LiteMaaS %s, upgraded from 0.0.7', async (release) => {
    const client = await open();
    await createLitemaasSchema(client, release, { upgradedInPlace: true });
    const passport = await passportOf(client);
    expect(passport).toMatchObject({ kind: 'litemaas', generation: release });
    expect(passport.statement).toContain('before 0.1');
  });

  it('LiteMaaS whose upgrade stopped half-way, and what it did not finish', async () => {
    const client = await open();
    await createLitemaasSchema(client, '0.3.1');
    await client.query('DROP TABLE branding_settings; ALTER TABLE users DROP COLUMN budget_duration');
    const passport = await passportOf(client);
    expect(passport.generation).toBe('0.3.1');
    expect(passport.statement).toContain('branding_settings, users.budget_duration missing');
  });

  it('LiteMaaS in a schema of another name, with LiteLLM in the same database', async () => {
    const client = await open();
    await client.query('CREATE SCHEMA maas; SET search_path = maas');
    await createLitemaasSchema(client, '0.1.1');
    await client.query('SET search_path = public');
    await createLitellmSchema(client);
    const passport = await passportOf(client);
    expect(passport).toMatchObject({ kind: 'litemaas', generation: '0.1.1', holdsLitellm: true });
    expect(passport.statement).toContain('in the schema maas');
  });

  it('of two LiteMaaS schemas, the one in public: it is what every screen reads', async () => {
    const client = await open();
    await createLitemaasSchema(client, '0.0.7');
    await client.query('CREATE SCHEMA newer; SET search_path = newer');
    await createLitemaasSchema(client, '0.3.1');
    expect((await passportOf(client)).generation).toBe('0.0.7');
  });

  it('LiteLLM’s own', async () => {
    const client = await open();
    await createLitellmSchema(client);
    expect(await passportOf(client)).toMatchObject({ kind: 'litellm', holdsLitellm: true });
  });

  it('another program’s, also when it keeps migrations with drizzle or has its tables elsewhere', async () => {
    const client = await open();
    await client.query(
      'CREATE SCHEMA shop; CREATE TABLE shop.orders (id int); CREATE TABLE shop.models (id int)',
    );
    expect(await passportOf(client)).toMatchObject({ kind: 'other', holdsLitellm: false });
    await client.query(`
      CREATE SCHEMA drizzle;
      CREATE TABLE drizzle.__drizzle_migrations (id SERIAL PRIMARY KEY, hash TEXT NOT NULL, created_at BIGINT);
      INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ('x', 1)`);
    expect((await passportOf(client)).kind).toBe('other');
  });

  it('nothing yet, also with extensions and a ledger that migrating began with', async () => {
    const client = await open();
    expect((await passportOf(client)).kind).toBe('empty');
    await client.query(`
      CREATE SCHEMA drizzle;
      CREATE TABLE drizzle.__drizzle_migrations (
        id SERIAL PRIMARY KEY, hash TEXT NOT NULL, created_at BIGINT, applied_at TIMESTAMPTZ)`);
    expect(await passportOf(client)).toMatchObject({ kind: 'empty', generation: null });
  });

  it('by a role that may read nothing, and whatever the search path pretends', async () => {
    const database = await createTestDatabase({ major, migrated: false });
    const owner = await openTestSession(database.config);
    await createLitemaasSchema(owner, '0.3.1');
    await owner.query(`
      REVOKE ALL ON SCHEMA public FROM PUBLIC;
      CREATE SCHEMA trap;
      CREATE TABLE trap.pg_class (oid oid, relname name, relnamespace oid, relkind "char");
      CREATE FUNCTION trap.array_agg(text) RETURNS text[] LANGUAGE sql AS $$ SELECT NULL::text[] $$;
      CREATE FUNCTION trap.format(text, text, text) RETURNS text LANGUAGE sql AS $$ SELECT 'planted' $$;
      CREATE DOMAIN trap.text AS pg_catalog.text CHECK (false);
      CREATE DOMAIN trap.regclass AS pg_catalog.regclass CHECK (false);
      ${plantedOperators.join('\n')}`);
    const role = `nobody_${database.name}`;
    await asAdmin(database.cluster, (admin) =>
      admin.query(`
        CREATE ROLE ${role} LOGIN;
        ALTER ROLE ${role} IN DATABASE ${database.name} SET search_path = trap, pg_catalog`),
    );
    await owner.query(`GRANT USAGE ON SCHEMA trap TO ${role}`);
    const client = await openTestSession({ ...database.config, user: role });
    onTestFinished(async () => {
      await client.end();
      await owner.end();
      await database.drop();
      await asAdmin(database.cluster, (admin) => admin.query(`DROP ROLE ${role}`));
    });
    await expect(client.query('SELECT FROM public.users')).rejects.toMatchObject({ code: '42501' });
    expect(await identifyDatabase(client)).toMatchObject({ kind: 'litemaas', generation: '0.3.1' });
  });
});
