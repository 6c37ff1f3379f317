import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  insertApiKey,
  insertAuditEntry,
  insertModel,
  insertSubscription,
  insertTeam,
  insertTeamMember,
  insertUsageLog,
  insertUser,
} from '../../support/builders';
import { isLong } from '../../support/long-runs';
import { type ChangeCalls, openChangeCalls } from './change-calls';

const mostTables = 5;

/** What a table of a site's own may refer to: our tables, itself, or a table of the site's own before it. */
const parent = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('users' as const, 'api_keys' as const, 'team_members' as const) },
  { weight: 1, arbitrary: fc.constant('itself' as const) },
  { weight: 2, arbitrary: fc.nat(mostTables - 1) },
);
const siteTable = fc.record({
  hasKey: fc.boolean(),
  /** What a trigger on its deletions does besides: nothing, writes to the other rows, or keeps the row. */
  trigger: fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom('nothing' as const, 'neighbours' as const) },
    { weight: 1, arbitrary: fc.constantFrom(null, 'keeps' as const) },
  ),
  keys: fc.array(
    fc.record({
      parent,
      // What keeps a person from going is rarer than what goes along: else little would be deleted.
      action: fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom('CASCADE' as const, 'SET NULL' as const) },
        { weight: 1, arbitrary: fc.constantFrom('RESTRICT' as const, 'NO ACTION' as const) },
      ),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  /** Rows: for each foreign key which row of its parent, or none. */
  rows: fc.array(fc.array(fc.option(fc.nat(6)), { minLength: 3, maxLength: 3 }), { maxLength: 6 }),
});
/** Rows that forbid each other to go, in one table: how they go decides. */
const isOrderly = ({ parent: to, action }: SiteTable['keys'][number]): boolean =>
  to === 'itself' && (action === 'RESTRICT' || action === 'NO ACTION');

type SiteTable = typeof siteTable extends fc.Arbitrary<infer T> ? T : never;

const person = fc.record({ keys: fc.nat(2), teams: fc.nat(2), requests: fc.nat(3), audits: fc.nat(2) });
type Person = typeof person extends fc.Arbitrary<infer T> ? T : never;

const world = fc.record({
  people: fc.array(person, { minLength: 1, maxLength: 3 }),
  tables: fc.array(siteTable, { maxLength: mostTables }),
  leaving: fc.nat(6),
});

const ours = [
  'public.users',
  'public.teams',
  'public.team_members',
  'public.subscriptions',
  'public.api_keys',
  'public.api_key_models',
  'public.usage_logs',
  'public.usage_summaries',
];
const recorded = [
  'litemaas_console.usage_daily',
  'litemaas_console.usage_monthly',
  'litemaas_console.usage_latency',
];

describe('deleting people of a random database', () => {
  let calls: ChangeCalls;
  beforeAll(async () => {
    calls = await openChangeCalls();
    await insertUser(calls.client, { username: 'keeper', roles: ['admin'] });
    await insertModel(calls.client, { id: 'gpt' });
    await calls.client.query(`
      CREATE FUNCTION public.site_nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END';
      CREATE FUNCTION public.site_keeps() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
      CREATE FUNCTION public.site_neighbours() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        EXECUTE format('UPDATE %I.%I SET note = note || ''!'' WHERE n <> $1', TG_TABLE_SCHEMA, TG_TABLE_NAME) USING OLD.n;
        RETURN NULL;
      END $$`);
  });
  afterAll(() => calls.close());

  const makePerson = async ({ keys, teams, requests, audits }: Person): Promise<string> => {
    const { client } = calls;
    const { id } = await insertUser(client);
    for (let made = 0; made < teams; made += 1) {
      const team = await insertTeam(client, made === 0 ? { created_by: id } : {});
      await insertTeamMember(client, { team_id: team.id, user_id: id });
    }
    const subscription = await insertSubscription(client, { user_id: id, model_id: 'gpt' });
    for (let made = 0; made < keys; made += 1) {
      const tied = made === 0 ? { subscription_id: subscription.id } : {};
      // Off, as it comes back.
      const key = await insertApiKey(client, { user_id: id, is_active: false, ...tied });
      await client.query(
        `INSERT INTO public.api_key_models (api_key_id, model_id) VALUES ($1, 'gpt') ON CONFLICT DO NOTHING`,
        [key.id],
      );
    }
    for (let made = 0; made < requests; made += 1) {
      await insertUsageLog(client, {
        ...{ subscription_id: subscription.id, model_id: 'gpt' },
        created_at: `2026-03-01T10:00:0${String(made)}Z`,
      });
    }
    for (let made = 0; made < audits; made += 1) await insertAuditEntry(client, { user_id: id });
    return id;
  };

  /** Makes the site's tables and fills them as far as they can be. Answers their names. */
  const makeTables = async (tables: readonly SiteTable[], people: readonly string[]): Promise<string[]> => {
    const { client } = calls;
    await client.query('DROP SCHEMA IF EXISTS site CASCADE; CREATE SCHEMA site');
    const names: string[] = [];
    for (const [place, { hasKey, trigger, keys, rows }] of tables.entries()) {
      const name = `site.t${String(place)}`;
      const columns = keys.flatMap(({ parent: to, action }, key) => {
        const c = `c${String(key)}`;
        if (to === 'team_members') {
          return [
            `${c} uuid, ${c}b uuid, FOREIGN KEY (${c}, ${c}b) REFERENCES public.team_members (team_id, user_id) ON DELETE ${action}`,
          ];
        }
        if (to === 'users' || to === 'api_keys')
          return [`${c} uuid REFERENCES public.${to} ON DELETE ${action}`];
        // Those without a row's own identity refer to it all the same, by its unique number.
        const target = to === 'itself' ? name : names[to % Math.max(1, names.length)];
        return target === undefined
          ? [`${c} int`]
          : [`${c} int REFERENCES ${target} (n) ON DELETE ${action}`];
      });
      await client.query(
        `CREATE TABLE ${name} (n int ${hasKey ? 'PRIMARY KEY' : 'UNIQUE'}, note text, ${columns.join(', ')})`,
      );
      if (trigger !== null) {
        const moment = trigger === 'neighbours' ? 'AFTER' : 'BEFORE';
        await client.query(
          `CREATE TRIGGER site_trigger ${moment} DELETE ON ${name} FOR EACH ROW EXECUTE FUNCTION public.site_${trigger}()`,
        );
      }
      names.push(name);
      for (const [n, row] of rows.entries()) {
        const values: string[] = [];
        for (const [key, { parent: to }] of keys.entries()) {
          const which = row[key] ?? null;
          const from =
            to === 'users' || to === 'api_keys' || to === 'team_members'
              ? `public.${to} ${to === 'users' ? 'WHERE id = ANY($1::uuid[])' : 'WHERE user_id = ANY($1::uuid[])'}`
              : `${to === 'itself' ? name : (names.slice(0, -1)[to % Math.max(1, names.length - 1)] ?? 'site.none')} WHERE $1::uuid[] IS NOT NULL`;
          if (which === null || from.startsWith('site.none')) {
            values.push('NULL', ...(to === 'team_members' ? ['NULL'] : []));
            continue;
          }
          const column = to === 'users' || to === 'api_keys' ? 'id' : to === 'team_members' ? 'team_id' : 'n';
          const pick = (what: string): string =>
            `(SELECT ${what} FROM (SELECT *, row_number() OVER (ORDER BY ${column === 'n' ? 'n' : 'id'}) - 1 AS place FROM ${from}) AS r ORDER BY place = ${String(which)} DESC, place LIMIT 1)`;
          values.push(pick(column), ...(to === 'team_members' ? [pick('user_id')] : []));
        }
        await client.query(
          `INSERT INTO ${name} SELECT ${[String(n), `'note'`, ...values].join(', ')} WHERE $1::uuid[] IS NOT NULL`,
          [people],
        );
      }
    }
    return names;
  };

  /** The rows of each table as text, without what every update of a row moves, or a trigger that writes to others. */
  const state = async (names: readonly string[]): Promise<Map<string, string[]>> => {
    const found = new Map<string, string[]>();
    for (const name of names) {
      const rows = await calls.rows(
        `SELECT (to_jsonb(r) - 'updated_at' - 'note')::text AS row FROM ${name} AS r ORDER BY 1`,
      );
      found.set(
        name,
        rows.map(({ row }) => String(row)),
      );
    }
    return found;
  };

  it('does what its preview said, table by table, and taken back leaves what was before', async () => {
    const met = { deletions: 0, refusals: 0, cascades: 0, blanked: 0, nothing: 0, neighbours: 0, keeps: 0 };
    await fc.assert(
      fc.asyncProperty(world, async ({ people, tables, leaving }) => {
        const ids: string[] = [];
        for (const each of people) ids.push(await makePerson(each));
        const names = await makeTables(tables, ids);
        const chosen = ids.filter((_, place) => ((leaving + 1) >> place) % 2 === 1);
        const going = chosen.length > 0 ? chosen : ids;
        const all = [...ours, ...names];
        // The journal of the change itself goes into the audit log.
        const audits = `(SELECT * FROM public.audit_logs WHERE resource_type <> 'USER')`;
        const before = await state([...all, audits, ...recorded]);
        const selected = await Promise.all(going.map(calls.seen));
        const preview = await calls.ask('users', 'previewDelete', { targets: { selected } });
        expect(await state([...all, audits, ...recorded])).toEqual(before);
        if (preview.toChange === 0) {
          expect(preview.refused).toBe(going.length);
          met.refusals += 1;
          return;
        }
        const result = await calls.run(preview, 'has left');
        const planned = (name: string, fate: 'deleted' | 'blanked'): number =>
          preview.cascade.find((each) => each.table === name && each.fate === fate)?.rows ?? 0;
        const tell = (name: string): void =>
          expect(preview.findings.map(({ text }) => text)).toContain(
            `A trigger or rule on ${name} is run by it: what else that does is not known.`,
          );
        const keeping = names.filter(
          (name, place) => tables[place]?.trigger === 'keeps' && planned(name, 'deleted') > 0,
        );
        if (keeping.length > 0) {
          // Whoever's row would stay, referring to nobody, stays too, with everything.
          keeping.forEach(tell);
          expect(result.problemCount).toBeGreaterThan(0);
          met.keeps += 1;
          const still = await calls.rows('SELECT id FROM public.users WHERE id = ANY($1)', [
            result.problems.map(({ id }) => id),
          ]);
          expect(still).toHaveLength(result.problemCount);
          if (result.done === 0) expect(await state([...all, audits, ...recorded])).toEqual(before);
          return;
        }
        if (result.problemCount > 0) {
          // Rows of one table that go by several statements: the database alone knows in which order it looks.
          expect(tables.some(({ keys }) => keys.some(isOrderly))).toBe(true);
          return;
        }
        expect(result).toMatchObject({ done: preview.toChange, problemCount: 0 });
        met.deletions += result.done;
        const after = await state([...all, audits, ...recorded]);
        // Charts count what they counted.
        for (const name of recorded) expect(after.get(name), name).toEqual(before.get(name));
        const gone = (name: string): number =>
          (before.get(name)?.length ?? 0) - (after.get(name)?.length ?? 0);
        expect(gone('public.users')).toBe(preview.toChange);
        for (const name of all.slice(1)) {
          expect(gone(name), name).toBe(planned(name, 'deleted'));
          const kept = new Set(before.get(name));
          const changed = (after.get(name) ?? []).filter((row) => !kept.has(row)).length;
          // A row that loses two references is counted by each, and one that goes is not blanked.
          if (changed > 0) expect(planned(name, 'blanked'), name).toBeGreaterThanOrEqual(changed);
          else expect(planned(name, 'blanked'), name).toBe(0);
          met.blanked += changed;
          if (name.startsWith('site.')) met.cascades += gone(name);
        }
        for (const [place, { trigger }] of tables.entries()) {
          const name = `site.t${String(place)}`;
          if (trigger === null || gone(name) === 0) continue;
          met[trigger] += 1;
          tell(name);
        }
        expect(await calls.undo(result.batchId)).toMatchObject({ done: result.done, problemCount: 0 });
        const back = await state([...all, audits, ...recorded]);
        for (const name of [...all, audits, ...recorded]) {
          const place = names.indexOf(name);
          const isWithoutKey = place !== -1 && tables[place]?.hasKey === false;
          const lost = planned(name, 'blanked') > 0;
          if (isWithoutKey && lost) {
            // That was said.
            expect(preview.findings.map(({ text }) => text)).toContain(
              `Rows of ${name} lose their reference, and an undo cannot give it back to them.`,
            );
            expect(back.get(name)?.length, name).toBe(before.get(name)?.length);
          } else expect(back.get(name), name).toEqual(before.get(name));
        }
      }),
      { numRuns: isLong ? 150 : 24 },
    );
    // All of it was met.
    for (const [what, times] of Object.entries(met)) expect(times, what).toBeGreaterThan(0);
  }, 540_000);
});
