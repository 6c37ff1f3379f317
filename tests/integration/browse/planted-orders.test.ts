import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isLong } from '../../support/long-runs';
import { describeOnEachPostgres } from '../../support/postgres';
import { openTestSession } from '../../support/test-session';
import type { PostgresMajor } from '../../support/postgres-cluster';
import { type BrowseCalls, openBrowseCalls, walk } from './browse-calls';

/** Raises where it runs for the console, and only there: the tables can be filled. */
const trap = `IF current_setting('application_name') = 'litemaas-console' THEN RAISE 'planted code ran'; END IF;`;

const comparisons = [
  ['<', 'lt'],
  ['<=', 'le'],
  ['=', 'eq'],
  ['<>', 'ne'],
  ['>=', 'ge'],
  ['>', 'gt'],
] as const;

/** PostgreSQL 15 as well in the long suite. */
const onPostgres = isLong
  ? describeOnEachPostgres
  : (name: string, tests: (major: PostgresMajor) => void): void => {
      describe(name, () => tests(18));
    };

onPostgres('code that an order or a comparison would run', (major) => {
  let calls: BrowseCalls;
  beforeAll(async () => {
    calls = await openBrowseCalls({ access: 'read-only', major });
    const admin = await openTestSession(calls.adminConfig);
    await admin.query(`
    CREATE SCHEMA evil;
    GRANT USAGE ON SCHEMA evil TO PUBLIC;
    CREATE TYPE evil.pair AS (a int, b int);
    CREATE FUNCTION evil.compare(evil.pair, evil.pair) RETURNS int LANGUAGE plpgsql AS $$
      BEGIN ${trap} RETURN pg_catalog.btrecordcmp($1, $2); END $$;
    CREATE FUNCTION evil.compare(int, int) RETURNS int LANGUAGE plpgsql AS $$
      BEGIN ${trap} RETURN pg_catalog.btint4cmp($1, $2); END $$;
    CREATE FUNCTION evil.accepts(int) RETURNS bool LANGUAGE plpgsql AS $$ BEGIN ${trap} RETURN true; END $$;
    ${comparisons
      .map(
        ([symbol, name]) => `
          CREATE FUNCTION evil.${name}(evil.pair, evil.pair) RETURNS bool LANGUAGE plpgsql AS $$
            BEGIN ${trap} RETURN $1 OPERATOR(pg_catalog.${symbol}) $2; END $$;
          CREATE OPERATOR evil.${symbol} (leftarg = evil.pair, rightarg = evil.pair, function = evil.${name});`,
      )
      .join('')}
    CREATE OPERATOR CLASS evil.planted DEFAULT FOR TYPE evil.pair USING btree AS
      OPERATOR 1 evil.<, OPERATOR 2 evil.<=, OPERATOR 3 evil.=, OPERATOR 4 evil.>=, OPERATOR 5 evil.>,
      FUNCTION 1 evil.compare(evil.pair, evil.pair);
    CREATE OPERATOR CLASS evil.numbers FOR TYPE int USING btree AS
      OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 evil.compare(int, int);
    CREATE TYPE evil.span AS RANGE (subtype = int, subtype_opclass = evil.numbers, multirange_type_name = evil.multispan);
    CREATE TYPE evil.holder AS (name text, held evil.pair);
    CREATE DOMAIN evil.known_pair AS evil.pair;
    CREATE DOMAIN evil.checked AS int CHECK (evil.accepts(VALUE));
    CREATE TYPE evil.form AS (answer evil.checked);
    CREATE VIEW evil.loose AS SELECT n / n AS n, ARRAY[ROW(n, n)::evil.pair] AS k FROM generate_series(1, 3) AS n;
    CREATE EXTENSION citext; CREATE EXTENSION ltree; CREATE EXTENSION hstore;
    CREATE DOMAIN public.handle AS citext;
    CREATE TYPE public.folder AS (path ltree, owner citext);
    CREATE FUNCTION evil.handles(public.handle, citext) RETURNS bool LANGUAGE plpgsql AS $$
      BEGIN ${trap} RETURN true; END $$;
    ${comparisons
      .map(
        ([symbol]) =>
          `CREATE OPERATOR public.${symbol} (leftarg = public.handle, rightarg = citext, function = evil.handles);`,
      )
      .join('')}
    CREATE DOMAIN public.positive AS int CHECK (VALUE > 0);
    CREATE TYPE public.size AS (width public.positive)`);
    for (const { name, type, values } of [...planted, ...trusted]) {
      const rows = values.map((value, index) => `('${value}', ${String(index)})`).join(', ');
      await admin.query(`
      CREATE TABLE evil.${name} (k ${type} PRIMARY KEY, n int);
      INSERT INTO evil.${name} VALUES ${rows};
      GRANT SELECT ON evil.${name} TO PUBLIC`);
    }
    await admin.query('GRANT SELECT ON evil.loose TO PUBLIC');
    await admin.end();
  });
  afterAll(() => calls.close());

  const planted = [
    { name: 'pairs', type: 'evil.pair', values: ['(1,1)', '(2,2)', '(3,3)'] },
    { name: 'lists', type: 'evil.pair[]', values: ['{"(1,1)"}', '{"(2,2)"}', '{"(3,3)"}'] },
    { name: 'holders', type: 'evil.holder', values: ['(a,"(1,1)")', '(a,"(2,2)")', '(a,"(3,3)")'] },
    { name: 'domains', type: 'evil.known_pair[]', values: ['{"(1,1)"}', '{"(2,2)"}', '{"(3,3)"}'] },
    { name: 'spans', type: 'evil.span', values: ['[1,2)', '[2,3)', '[3,4)'] },
    { name: 'span_sets', type: 'evil.multispan', values: ['{[1,2)}', '{[2,3)}', '{[3,4)}'] },
    { name: 'forms', type: 'evil.form', values: ['(1)', '(2)', '(3)'] },
    { name: 'form_lists', type: 'evil.checked[]', values: ['{1}', '{2}', '{3}'] },
  ];

  const trusted = [
    { name: 'names', type: 'citext', values: ['ada', 'Bea', 'cyd'] },
    { name: 'handles', type: 'public.handle', values: ['ada', 'Bea', 'cyd'] },
    { name: 'paths', type: 'ltree', values: ['a', 'a.b', 'b'] },
    { name: 'folders', type: 'public.folder', values: ['(a,ada)', '(a,Bea)', '(b,ada)'] },
    { name: 'path_lists', type: 'ltree[]', values: ['{a}', '{a.b}', '{b}'] },
    { name: 'sizes', type: 'public.size', values: ['(1)', '(2)', '(3)'] },
  ];

  const table = (relation: string) => ({ schema: 'evil', relation });
  const refused = { code: 'validation', details: { column: 'k' } };

  describe('a type whose order somebody planted', () => {
    it.each(planted)('is shown whole and compared nowhere: $type', async ({ name, values }) => {
      expect(await walk(calls, { ...table(name), pageSize: 1 })).toEqual(values);
      expect((await calls.ask('browse', 'rows', table(name))).order).toBe('stored');
      await expectRefused(name, values[1] ?? '');
      const byText = [{ column: 'k', operator: 'contains', value: '2' } as const];
      expect((await calls.ask('browse', 'count', { ...table(name), filters: byText })).rows).not.toBe('0');
      expect(await calls.download('browse', 'exportCsv', table(name))).toContain('3');
      await calls.ask('browse', 'relation', table(name));
    });

    it('decides no place among equal rows of a view', async () => {
      const sort = { column: 'n', direction: 'asc' } as const;
      expect((await calls.ask('browse', 'rows', { ...table('loose'), sort })).rows).toHaveLength(3);
      await expectRefused('loose', '{}');
    });
  });

  async function expectRefused(name: string, value: string): Promise<void> {
    const sort = { column: 'k', direction: 'asc' } as const;
    await expect(calls.ask('browse', 'rows', { ...table(name), sort })).rejects.toMatchObject(refused);
    const filters = [{ column: 'k', operator: 'equals', value } as const];
    await expect(calls.ask('browse', 'count', { ...table(name), filters })).rejects.toMatchObject(refused);
  }

  describe('a type whose order an extension brought', () => {
    it.each(trusted)('is paged and filtered by: $type', async ({ name, values }) => {
      expect((await calls.ask('browse', 'rows', table(name))).order).toBe('key');
      expect(await walk(calls, { ...table(name), pageSize: 1 })).toEqual(values);
      expect(await walk(calls, { ...table(name), pageSize: 1 }, false)).toEqual(values);
      const filters = [{ column: 'k', operator: 'notEquals', value: values[1] ?? '' } as const];
      expect((await calls.ask('browse', 'count', { ...table(name), filters })).rows).toBe('2');
    });

    it('is paged by place where its operators are called otherwise', async () => {
      const admin = await openTestSession(calls.adminConfig);
      await admin.query(`
      CREATE TABLE evil.stores (k hstore PRIMARY KEY); INSERT INTO evil.stores VALUES ('b=>1'), ('a=>1');
      GRANT SELECT ON evil.stores TO PUBLIC`);
      await admin.end();
      expect(await walk(calls, { ...table('stores'), pageSize: 1 })).toEqual(['"b"=>"1"', '"a"=>"1"']);
    });

    it('is not trusted when somebody added it to the extension', async () => {
      const admin = await openTestSession(calls.adminConfig);
      await admin.query(`
      CREATE ROLE adder_${process.pid}; ALTER OPERATOR public.<>(citext, citext) OWNER TO adder_${process.pid}`);
      try {
        expect((await calls.ask('browse', 'rows', table('names'))).order).toBe('stored');
      } finally {
        await admin.query(`
        ALTER OPERATOR public.<>(citext, citext) OWNER TO CURRENT_USER; DROP ROLE adder_${process.pid}`);
        await admin.end();
      }
    });
  });
});
