import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase } from '../../../src/main/postgres/database';
import type { WorkspaceCall } from '../../../src/main/router/handlers';
import { createSqlHandlers, openHistory } from '../../../src/main/sql/index';
import { startMessageLog } from '../../support/faults/message-log';
import { describeOnEachPostgres } from '../../support/postgres';
import { openTestSession } from '../../support/test-session';
import { type BrowseCalls, openBrowseCalls } from './browse-calls';

/** What a statement runs and reads without naming it: what aggregates, domains and operators are made of, children. */
describeOnEachPostgres('what is attached to what a statement names', (major) => {
  let calls: BrowseCalls;
  let admin: pg.Client;

  beforeAll(async () => {
    calls = await openBrowseCalls({ major });
    admin = await openTestSession(calls.adminConfig);
    await calls.client.query(`
      CREATE FUNCTION public.step(int, int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 + $2';
      CREATE FUNCTION public.ended(int) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1::text';
      CREATE AGGREGATE public.total(int) (SFUNC = public.step, STYPE = int, FINALFUNC = public.ended,
        COMBINEFUNC = public.step, MSFUNC = public.step, MINVFUNC = public.step, MFINALFUNC = public.ended, MSTYPE = int, MINITCOND = '0', INITCOND = '0');
      CREATE AGGREGATE public.setting(text, bool) (SFUNC = pg_catalog.set_config, STYPE = text, INITCOND = 'litemaas.x');
      CREATE FUNCTION public.setting_within() RETURNS text LANGUAGE sql AS $$ SELECT public.setting('a', false) $$;
      CREATE SEQUENCE public.counter;
      CREATE OPERATOR public.!@ (RIGHTARG = regclass, FUNCTION = pg_catalog.nextval);
      CREATE FUNCTION public.counting() RETURNS int8 LANGUAGE sql AS $$ SELECT OPERATOR(public.!@) 'public.counter'::regclass $$;
      CREATE FUNCTION public.positive(int) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT $1 > 0';
      CREATE DOMAIN public.counted AS int CHECK (public.positive(VALUE));
      CREATE DOMAIN public.counted_more AS public.counted CHECK (VALUE < 100);
      CREATE TYPE public.pair AS (one int, two public.counted);
      CREATE DOMAIN public.sneaky AS text CHECK (pg_catalog.set_config('litemaas.x', VALUE, false) IS NOT NULL);
      CREATE FUNCTION public.sneaking() RETURNS text LANGUAGE sql AS $$ SELECT 'a'::public.sneaky::text $$;
      CREATE TYPE public.sneaky_pair AS (one int, two public.sneaky);
      CREATE FUNCTION public.noisy(text) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS $$
        BEGIN RAISE NOTICE 'ran: %', $1; RETURN true; END $$;
      CREATE TABLE public.parent (id int, data text);
      CREATE TABLE public.user_sessions () INHERITS (public.parent);
      INSERT INTO public.parent VALUES (1, 'shown');
      INSERT INTO public.user_sessions VALUES (2, 'hidden');
      CREATE TABLE public.policed (id int);
      CREATE TABLE public.policed_child () INHERITS (public.policed);
      INSERT INTO public.policed VALUES (1); INSERT INTO public.policed_child VALUES (2);
      CREATE POLICY of_parent ON public.policed USING (public.noisy('parent'));
      CREATE POLICY of_child ON public.policed_child USING (public.noisy('child') AND false);
      ALTER TABLE public.policed ENABLE ROW LEVEL SECURITY; ALTER TABLE public.policed FORCE ROW LEVEL SECURITY;
      ALTER TABLE public.policed_child ENABLE ROW LEVEL SECURITY; ALTER TABLE public.policed_child FORCE ROW LEVEL SECURITY;
      CREATE TABLE public.checked_parent (id int);
      CREATE TABLE public.checked_child (CHECK (public.noisy('check of a child'))) INHERITS (public.checked_parent);
      CREATE TABLE public.parted (id int, at int) PARTITION BY RANGE (at);
      CREATE TABLE public.parted_1 PARTITION OF public.parted FOR VALUES FROM (0) TO (10);
      CREATE INDEX ON public.parted_1 (id) WHERE public.noisy('index of a partition')`);
  });
  afterAll(async () => {
    await admin.end();
    await calls.close();
  });
  const code = async (statement: string): Promise<string[]> =>
    (await calls.ask('sql', 'code', { statement })).code.map(({ name }) => name);
  const confirmedRun = async (statement: string) => {
    const { code: listed } = await calls.ask('sql', 'code', { statement });
    return calls.ask('sql', 'run', { statement, confirmed: listed.map(({ id }) => id) });
  };

  it('names the functions of an aggregate', async () => {
    const names = ['public.ended(integer)', 'public.step(integer,integer)', 'public.total(integer)'];
    const spelled = async (statement: string): Promise<string[]> =>
      (await code(statement)).map((name) => name.replaceAll(' ', '')).sort();
    expect(await spelled('SELECT total(x) FROM generate_series(1, 3) AS x')).toEqual(names);
    expect(await spelled('SELECT public.total(x) OVER () FROM generate_series(1, 3) AS x')).toEqual(names);
    expect((await confirmedRun('SELECT total(x) FROM generate_series(1, 3) AS x')).rows[0]?.[0]?.text).toBe(
      '6',
    );
  });

  it.each([
    ['SELECT 1::counted', ['public.positive(integer)']],
    ['SELECT 1::counted_more', ['public.positive(integer)']],
    ['SELECT ARRAY[1]::counted[]', ['public.positive(integer)']],
    ['SELECT ROW(1, 2)::pair', ['public.positive(integer)']],
    [`SELECT * FROM json_to_record('{"a":1}') AS t(a counted)`, ['public.positive(integer)']],
    [`SELECT * FROM XMLTABLE('/a' PASSING '<a/>' COLUMNS x counted PATH '@x')`, ['public.positive(integer)']],
  ])('names what checks a value: %s', async (statement, names) => {
    expect(await code(statement)).toEqual(names);
    await expect(calls.ask('sql', 'run', { statement })).rejects.toMatchObject({
      details: { reason: 'unconfirmed' },
    });
  });

  it.each([
    [`SELECT setting('a', false)`, 'set_config'],
    ['SELECT setting_within()', 'set_config'],
    [`SELECT 'a'::sneaky`, 'set_config'],
    [`SELECT public.sneaky('a')`, 'set_config'],
    [`SELECT ROW(1, 'a')::public.sneaky_pair`, 'set_config'],
    ['SELECT sneaking()', 'set_config'],
    ['SELECT counting()', 'nextval'],
  ])('refuses what acts outside of the transaction, wherever it stands: %s', async (statement, name) => {
    await expect(code(statement)).rejects.toMatchObject({ code: 'read_only', details: { function: name } });
  });

  it('reads the policies of the table that is named, as PostgreSQL does, not those of the ones below', async () => {
    const statement = 'SELECT id FROM policed ORDER BY id';
    expect(await code(statement)).toEqual(['public.noisy(text)']);
    const { rows, notices } = await confirmedRun(statement);
    expect(rows.map(([id]) => id?.text)).toEqual(['1', '2']);
    expect(new Set(notices)).toEqual(new Set(['NOTICE: ran: parent']));
    expect((await confirmedRun('SELECT id FROM policed_child')).rows).toEqual([]);
  });

  it('names what planning runs of the tables below', async () => {
    for (const [statement, ran] of [
      ['SELECT id FROM checked_parent WHERE id = 1', 'check of a child'],
      ['SELECT id FROM parted WHERE id = 1', 'index of a partition'],
    ] as const) {
      expect(await code(statement)).toEqual(['public.noisy(text)']);
      expect([statement, (await confirmedRun(statement)).notices]).toEqual([
        statement,
        expect.arrayContaining([`NOTICE: ran: ${ran}`]) as string[],
      ]);
    }
  });

  it('names a foreign table below', async () => {
    await admin.query(`CREATE FOREIGN DATA WRAPPER nothing; CREATE SERVER nowhere FOREIGN DATA WRAPPER nothing;
      GRANT USAGE ON FOREIGN SERVER nowhere TO PUBLIC`);
    await calls.client.query(`CREATE TABLE public.near (id int) PARTITION BY LIST (id);
      CREATE FOREIGN TABLE public.far PARTITION OF public.near FOR VALUES IN (1) SERVER nowhere`);
    expect(await code('SELECT id FROM near')).toEqual(['public.near']);
  });

  it('masks a column that holds secrets in a table below', async () => {
    const cells = (await confirmedRun('SELECT id, data, upper(data) FROM parent ORDER BY id')).rows;
    expect(cells.map((row) => row.map(({ text }) => text))).toEqual([
      ['1', null, null],
      ['2', null, null],
    ]);
    expect((await confirmedRun('SELECT data FROM ONLY public.parent')).rows).toHaveLength(1);
  });

  it('costs few round trips', async () => {
    const { host = '', port = 0 } = calls.config;
    const log = await startMessageLog({ host, port });
    const database = openDatabase({
      config: { ...calls.config, host: '127.0.0.1', port: log.port },
      readOnly: true,
    });
    const { run } = createSqlHandlers({ history: openHistory(calls.dataFolder) });
    try {
      const asked = { schemas: ['public'], confirmed: [], maxRows: 1_000 };
      const call = {
        ...{ signal: new AbortController().signal, report: () => undefined },
        workspace: { id: 'few', database },
      } as unknown as WorkspaceCall;
      const many = 'SELECT g FROM generate_series(1, 1000) AS g';
      const { rows } = await run({ ...asked, statement: many }, call);
      expect(rows).toHaveLength(1_000);
      const ofMany = log.roundTrips.splice(0);
      // Sign-in, BEGIN, two of the names in it, path, statement, columns three times, and a batch each.
      expect(ofMany.length).toBeLessThanOrEqual(9 + 13);
      // A person's text is alone in its message: nothing can stand behind it.
      expect(ofMany.filter((text) => text.includes(many))).toEqual([
        `DECLARE litemaas_result NO SCROLL CURSOR FOR ${many}`,
      ]);
      await run({ ...asked, statement: 'SELECT id, data FROM parent WHERE id = 1' }, call);
      expect(log.roundTrips.length).toBeLessThanOrEqual(15);
    } finally {
      await database.close();
      await log.close();
    }
  });
});
