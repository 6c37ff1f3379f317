import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { expect, it } from 'vitest';
import { migrate } from '../../../src/main/postgres/migrate';
import { asAdmin, migrationsFolder } from '../../support/postgres-cluster';
import { connectAsOther, createTestDatabase, describeOnEachPostgres } from '../../support/postgres';
import { openTestSession } from '../../support/test-session';
import { describeSchema } from './describe-schema';
import { fillEarlierDatabase, migrateAsEarlier } from './earlier-databases';

// Better matches than PostgreSQL's own for what the migrations call, in a schema that the database's and the role's
// search_path put first: whoever resolves a name by that path takes them, and keeps them in a constraint, an index or a
// view.

const operators = [
  ['=', 'character varying', 'character varying', 'boolean'],
  ['<>', 'character varying', 'text', 'boolean'],
  ['=', 'public.subscription_status', 'public.subscription_status', 'boolean'],
  ['||', 'text', 'character varying', 'text'],
  ['||', 'text', 'name', 'text'],
  ['>=', 'bigint', 'integer', 'boolean'],
  ['+', 'bigint', 'bigint', 'bigint'],
  ['~~', 'character varying', 'text', 'boolean'],
  ['->>', 'jsonb', 'text', 'text'],
] as const;
const functions = [
  ['lower', 'character varying', 'text'],
  ['jsonb_typeof', 'jsonb', 'text'],
  ['round', 'numeric, integer', 'numeric'],
  ['gen_random_uuid', '', 'uuid'],
  ['current_setting', 'text, boolean', 'text'],
  ['date_trunc', 'text, timestamptz, text', 'timestamptz'],
  ['to_regclass', 'text', 'regclass'],
  ['format', 'text, text', 'text'],
  ['quote_ident', 'name', 'text'],
  ['tstzrange', 'timestamptz, timestamptz', 'tstzrange'],
  ['clock_timestamp', '', 'timestamptz'],
  ['hashtextextended', 'text, integer', 'bigint'],
  ['count', 'bigint', 'bigint'],
] as const;

/** Leaves a mark when anything of it is called. */
function planted(hasStatus: boolean): string {
  const body = `BEGIN PERFORM pg_catalog.nextval('evil.calls'); RETURN NULL; END`;
  const make = (name: string, parameters: string, result: string): string =>
    `CREATE FUNCTION evil.${name}(${parameters}) RETURNS ${result} LANGUAGE plpgsql IMMUTABLE AS $$${body}$$;`;
  return `CREATE SCHEMA evil; CREATE SEQUENCE evil.calls;
    GRANT ALL ON SCHEMA evil TO PUBLIC; GRANT ALL ON SEQUENCE evil.calls TO PUBLIC;
    ${functions.map(([name, parameters, result]) => make(name, parameters, result)).join('\n')}
    ${operators
      .filter(([, left]) => hasStatus || !left.startsWith('public'))
      .map(
        ([sign, left, right, result], index) =>
          `${make(`operator_${String(index)}`, `${left}, ${right}`, result)}
           CREATE OPERATOR evil.${sign} (LEFTARG = ${left}, RIGHTARG = ${right}, FUNCTION = evil.operator_${String(index)});`,
      )
      .join('\n')}`;
}

/** Everything of ours that depends on something of the planter's. */
const bakedIn = `
  SELECT pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid) AS ours,
    pg_catalog.pg_describe_object(d.refclassid, d.refobjid, d.refobjsubid) AS theirs
  FROM pg_catalog.pg_depend d
  WHERE EXISTS (
      SELECT FROM pg_catalog.pg_proc p WHERE d.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass
        AND p.oid = d.refobjid AND p.pronamespace = 'evil'::pg_catalog.regnamespace
      UNION ALL
      SELECT FROM pg_catalog.pg_operator o WHERE d.refclassid = 'pg_catalog.pg_operator'::pg_catalog.regclass
        AND o.oid = d.refobjid AND o.oprnamespace = 'evil'::pg_catalog.regnamespace)
    AND NOT (d.classid = 'pg_catalog.pg_operator'::pg_catalog.regclass AND EXISTS (
      SELECT FROM pg_catalog.pg_operator o
      WHERE o.oid = d.objid AND o.oprnamespace = 'evil'::pg_catalog.regnamespace))`;

describeOnEachPostgres('migrating a database whose path leads elsewhere', (major) => {
  async function hostile(work: (config: pg.ClientConfig, admin: pg.Client) => Promise<void>): Promise<void> {
    const database = await createTestDatabase({ major, migrated: false });
    const role = `migrator_${randomBytes(4).toString('hex')}`;
    const admin = await openTestSession(database.adminConfig);
    try {
      await admin.query(`CREATE ROLE ${role} LOGIN IN ROLE ${database.cluster.ownerUser}`);
      await work({ ...database.config, user: role }, admin);
    } finally {
      await admin.end();
      await asAdmin(
        database.cluster,
        (client) => client.query(`DROP OWNED BY ${role} CASCADE`),
        database.name,
      );
      await database.drop();
      await asAdmin(database.cluster, (client) => client.query(`DROP ROLE ${role}`));
    }
  }

  const setPath = (admin: pg.Client, { database, user }: pg.ClientConfig): Promise<unknown> =>
    admin.query(`
      ALTER DATABASE ${String(database)} SET search_path = evil, pg_catalog, public;
      ALTER ROLE ${String(user)} SET search_path = evil, pg_catalog, public`);

  it('calls and keeps nothing of what waits there, in an empty database', async () => {
    await hostile(async (config, admin) => {
      await admin.query(planted(false));
      await setPath(admin, config);
      await expectNothingOfTheirs(config, admin);
    });
  });

  it('calls and keeps nothing of what waits there, in a database of an earlier console', async () => {
    await hostile(async (config, admin) => {
      const owner = { ...config, user: 'litemaas' };
      const client = await connectAsOther(owner);
      await migrateAsEarlier(client, 11);
      await fillEarlierDatabase(client, 11);
      await client.end();
      await admin.query(planted(true));
      await setPath(admin, config);
      if (!(await expectNothingOfTheirs(owner, admin))) return;
      // And it is the schema that a harmless database gets.
      const fresh = await createTestDatabase({ major });
      const other = await openTestSession(fresh.config);
      const rows = { teams: expect.anything() as unknown, settings: expect.anything() as unknown };
      await admin.query('SET search_path = public, pg_catalog');
      expect(await describeSchema(admin)).toEqual({ ...(await describeSchema(other)), ...rows });
      await other.end();
      await fresh.drop();
    });
  });

  /** A migration that is refused because of what waits there keeps nothing of it either. */
  async function expectNothingOfTheirs(config: pg.ClientConfig, admin: pg.Client): Promise<boolean> {
    const refusal = await migrate(config, { folder: migrationsFolder }).then(
      () => null,
      (error: unknown) => error,
    );
    if (refusal !== null) expect(refusal).toMatchObject({ code: 'conflict' });
    expect((await admin.query(bakedIn)).rows).toEqual([]);
    expect((await admin.query('SELECT is_called FROM evil.calls')).rows).toEqual([{ is_called: false }]);
    return refusal === null;
  }

  it('would keep it where a file resolved names by that path', async () => {
    await hostile(async (_config, admin) => {
      await admin.query(planted(false));
      await admin.query(`SET search_path = evil, pg_catalog, public`);
      await admin.query(`CREATE TABLE public.t (name varchar(9), CHECK (lower(name) = 'a'))`);
      expect((await admin.query(bakedIn)).rowCount).toBeGreaterThan(0);
    });
  });
});
