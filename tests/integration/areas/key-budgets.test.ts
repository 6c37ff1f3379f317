import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  insertApiKey,
  insertApiKeyModel,
  insertLiteLlmObject,
  insertModel,
  insertSubscription,
  insertTeam,
  insertUsageLog,
  insertUser,
} from '../../support/builders';
import { describeOnEachPostgres } from '../../support/postgres';
import { type AreaCalls, openAreaCalls } from './area-calls';

type Columns = Readonly<Record<string, unknown>>;

describeOnEachPostgres('the budgets that apply to a key', (major) => {
  let areas: AreaCalls;
  beforeAll(async () => {
    areas = await openAreaCalls({ major });
    await insertModel(areas.client, { id: 'gpt' });
  });
  afterAll(() => areas.close());

  /** Somebody with a key, a subscription to `gpt`, and a team where the key is of one. */
  const make = async (of: { user?: Columns; key?: Columns; team?: Columns; subscription?: Columns } = {}) => {
    const { client } = areas;
    const long = { created_at: '2020-01-01T00:00:00Z' };
    const user = (await insertUser(client, { ...long, max_budget: null, ...of.user })).id;
    const team = of.team && (await insertTeam(client, { ...long, max_budget: null, ...of.team })).id;
    const subscription = (
      await insertSubscription(client, {
        ...{ ...long, user_id: user, model_id: 'gpt', status: 'active', max_budget: null },
        ...of.subscription,
      })
    ).id;
    const key = (
      await insertApiKey(client, {
        ...{ ...long, user_id: user, team_id: team ?? null, max_budget: null, budget_duration: 'lifetime' },
        ...of.key,
      })
    ).id;
    await insertApiKeyModel(client, { api_key_id: key, model_id: 'gpt' });
    return { user, team, subscription, key };
  };
  type Made = Awaited<ReturnType<typeof make>>;

  const levelsOf = async ({ key }: Made) => (await areas.ask('apiKeys', 'budgets', { id: key })).levels;
  const levelOf = async (made: Made, level: string) =>
    (await levelsOf(made)).find((each) => each.level === level);
  const strictest = async (made: Made) =>
    (await levelsOf(made)).filter(({ isStrictest }) => isStrictest).map(({ level, left }) => [level, left]);
  /** Adds usage to both rollups; `day` is SQL. */
  const use = async ({ user, team, subscription, key }: Made, cost: string, day = 'CURRENT_DATE') => {
    for (const [rollup, column, at] of [
      ['usage_daily', 'day', `(${day})::date`],
      ['usage_monthly', 'month', `date_trunc('month', (${day})::timestamp)::date`],
    ] as const) {
      await areas.client.query(
        `INSERT INTO litemaas_console.${rollup} AS r (${column}, api_key_id, subscription_id, user_id, team_id, model_id,
           requests, errors, request_tokens, response_tokens, cost, latency_ms_sum, latency_count)
         VALUES (${at}, $1, $2, $3, $4, 'gpt', 1, 0, 0, 0, $5, 0, 0)
         ON CONFLICT ON CONSTRAINT ${rollup}_key DO UPDATE SET cost = r.cost + excluded.cost`,
        [key, subscription, user, team ?? null, cost],
      );
    }
  };

  const log = (made: Made, at: string, cost: string) =>
    insertUsageLog(areas.client, {
      ...{ subscription_id: made.subscription, api_key_id: made.key, model_id: 'gpt' },
      ...{ created_at: at, input_cost: cost, output_cost: '0' },
    });

  it('are the strictest by what is left, each level in turn, and none where all are unlimited', async () => {
    expect(await strictest(await make({ team: {} }))).toEqual([]);
    const byKey = await make({
      user: { max_budget: '100' },
      key: { max_budget: '50', current_spend: '20.000000000001' },
    });
    expect(await strictest(byKey)).toEqual([['key', '29.999999999999']]);
    const byUser = await make({ user: { max_budget: '30' }, key: { max_budget: '50', current_spend: '10' } });
    await use(byUser, '5.5');
    expect(await strictest(byUser)).toEqual([['user', '24.5']]);
    const byTeam = await make({
      key: { max_budget: '50' },
      team: { max_budget: '1000', current_spend: '990' },
    });
    expect(await strictest(byTeam)).toEqual([['team', '10']]);
  });

  it('do not count a person’s budget for a key of a team, nor a subscription’s, which LiteLLM does not know', async () => {
    const made = await make({
      user: { max_budget: '1' },
      team: { max_budget: '500' },
      subscription: { max_budget: '2' },
    });
    await use(made, '3');
    expect(await strictest(made)).toEqual([['team', '500']]);
    expect(await levelOf(made, 'user')).toMatchObject({
      ...{ limit: '1', spent: '3', left: '-2', enforcement: 'other_keys', outlook: 'over' },
    });
    expect(await levelOf(made, 'subscription')).toMatchObject({
      ...{ limit: '2', spent: '3', left: '-1', enforcement: 'counted', outlook: 'over', isOfUsage: true },
    });
  });

  it('take 0 for a budget, save a team’s of which nothing is spent', async () => {
    expect(await strictest(await make({ key: { max_budget: '0' }, user: { max_budget: '7' } }))).toEqual([
      ['key', '0'],
    ]);
    const free = await make({ team: { max_budget: '0' } });
    expect(await strictest(free)).toEqual([]);
    expect(await levelOf(free, 'team')).toMatchObject({ enforcement: 'zero_of_team', outlook: 'unknown' });
    const spent = await make({ team: { max_budget: '0', current_spend: '0.01' } });
    expect(await strictest(spent)).toEqual([['team', '-0.01']]);
    expect(await levelOf(spent, 'team')).toMatchObject({ enforcement: 'enforced', outlook: 'over' });
  });

  it('count a person in the period that LiteLLM has, and over a lifetime where it has none', async () => {
    const made = await make({ user: { max_budget: '100' } });
    await use(made, '1');
    await use(made, '10', "CURRENT_DATE - interval '2 months'");
    expect(await levelOf(made, 'user')).toMatchObject({ spent: '11', period: null, startedAt: null });
    await insertLiteLlmObject(areas.client, {
      ...{ kind: 'user', local_id: made.user, remote: { budget_duration: '1mo' } },
    });
    const level = await levelOf(made, 'user');
    expect(level).toMatchObject({ spent: '1', period: '1mo', left: '99' });
    const {
      rows: [month],
    } = await areas.client.query<{ first: Date; last: Date }>(
      `SELECT date_trunc('month', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' AS first,
         (date_trunc('month', now() AT TIME ZONE 'UTC') + interval '1 month') AT TIME ZONE 'UTC' AS last`,
    );
    expect(new Date(level?.startedAt ?? '')).toEqual(month?.first);
    expect(new Date(level?.endsAt ?? '')).toEqual(month?.last);
  });

  it('count a subscription since its period began, to the moment, and over a lifetime before', async () => {
    const made = await make({ subscription: { max_budget: '100', budget_duration: 'monthly' } });
    await log(made, '2026-11-01T23:00:00Z', '32');
    await log(made, '2026-11-02T08:00:00Z', '16');
    await log(made, '2026-11-02T12:00:00Z', '8');
    await log(made, '2026-11-03T00:00:00Z', '4');
    expect(await levelOf(made, 'subscription')).toMatchObject({ spent: '60', period: null, endsAt: null });
    const begin = () =>
      areas.client.query(
        `UPDATE subscriptions SET period_started_at = '2026-11-02T12:00:00Z', reset_at = '2999-01-01T00:00:00Z' WHERE id = $1`,
        [made.subscription],
      );
    await begin();
    const level = await levelOf(made, 'subscription');
    expect(level).toMatchObject({ spent: '12', left: '88', period: 'monthly' });
    expect(new Date(level?.endsAt ?? '').toISOString()).toBe('2999-01-01T00:00:00.000Z');
  });

  it('tell when a budget is used up at the rate of the days before, with a band, and nothing of too few', async () => {
    const made = await make({ key: { max_budget: '100', current_spend: '40' } });
    expect(await levelOf(made, 'key')).toMatchObject({ forecast: null, outlook: 'unknown' });
    // 30 days of 2 a day: no spread, and 60 left are 30 days more.
    for (let day = 1; day <= 30; day += 1) await use(made, '2', `CURRENT_DATE - ${String(day)}`);
    await use(made, '1000', 'CURRENT_DATE');
    await use(made, '1000', 'CURRENT_DATE - 31');
    const inDays = async (days: number) => {
      const { rows } = await areas.client.query<{ day: string }>(
        `SELECT ((now() AT TIME ZONE 'UTC')::date + ${String(days)})::text AS day`,
      );
      return rows[0]?.day;
    };
    const day = await inDays(30);
    expect(await levelOf(made, 'key')).toMatchObject({
      outlook: 'will_be_over',
      forecast: { days: 30, perDay: '2', band: '0', likely: day, earliest: day, latest: day },
    });
    const period = (duration: string) =>
      areas.client.query('UPDATE api_keys SET budget_duration = $2 WHERE id = $1', [made.key, duration]);
    await period('yearly');
    expect(await levelOf(made, 'key')).toMatchObject({ endsAt: null, forecast: null, outlook: 'unknown' });
    await period('lifetime');
    // A day of 62 instead: 4 a day, and a spread as wide as twice the standard error of 30 days.
    await use(made, '60', 'CURRENT_DATE - 3');
    const { forecast } = (await levelOf(made, 'key')) ?? {};
    expect(forecast).toMatchObject({ perDay: '4', band: '4', likely: await inDays(15), latest: null });
    expect(forecast?.earliest).toBe(await inDays(7));
    const young = await make({ key: { max_budget: '100', created_at: new Date().toISOString() } });
    await use(young, '2', 'CURRENT_DATE - 1');
    expect(await levelOf(young, 'key')).toMatchObject({ forecast: null });
  });

  it('are those of one key that is there', async () => {
    const id = '00000000-0000-4000-8000-0000000000ff';
    await expect(areas.ask('apiKeys', 'budgets', { id })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('cut the days in the reporting zone', async () => {
    const { client } = areas;
    await client.query('DELETE FROM usage_logs');
    await client.query('DELETE FROM litemaas_console.usage_daily');
    await client.query('DELETE FROM litemaas_console.usage_monthly');
    await client.query(
      `INSERT INTO litemaas_console.settings (key, value) VALUES ('reporting_time_zone', to_jsonb('Asia/Tokyo'::text))
       ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
    );
    const made = await make({ subscription: { max_budget: '100', budget_duration: 'monthly' } });
    // 5 o'clock of November 1 there: of that day what came later, and of the day before nothing.
    await client.query(`UPDATE subscriptions SET period_started_at = '2026-10-31T20:00:00Z' WHERE id = $1`, [
      made.subscription,
    ]);
    for (const [at, cost] of [
      ['2026-10-31T14:59:00Z', '32'],
      ['2026-10-31T19:59:00Z', '16'],
      ['2026-10-31T20:00:00Z', '8'],
      ['2026-11-01T14:59:00Z', '4'],
      ['2026-11-01T15:00:00Z', '2'],
    ] as const)
      await log(made, at, cost);
    expect(await levelOf(made, 'subscription')).toMatchObject({ spent: '14' });
  });
});
