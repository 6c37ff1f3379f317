import { afterAll, beforeAll, expect, it } from 'vitest';
import { insertLiteLlmObject, insertUser } from '../../support/builders';
import { describeOnEachPostgres } from '../../support/postgres';
import { type ChangeCalls, openChangeCalls } from './change-calls';

describeOnEachPostgres('a budget below what is spent', (major) => {
  let calls: ChangeCalls;
  beforeAll(async () => {
    calls = await openChangeCalls({ major });
    await insertUser(calls.client, { username: 'keeper', roles: ['admin', 'user'] });
  });
  afterAll(() => calls.close());

  /** Somebody without a budget, who spent so much on days before today. */
  async function spender(
    username: string,
    spent: Readonly<Record<string, string>>,
    period?: string,
  ): Promise<string> {
    const { id } = await insertUser(calls.client, { username, max_budget: null });
    for (const [ago, cost] of Object.entries(spent)) {
      for (const [table, column, day] of [
        ['usage_daily', 'day', 'day'],
        ['usage_monthly', 'month', 'month'],
      ]) {
        await calls.client.query(
          `INSERT INTO litemaas_console.${table} (${column}, user_id, model_id, requests, errors, request_tokens,
             response_tokens, cost, latency_ms_sum, latency_count)
           VALUES (date_trunc('${day}', (now() AT TIME ZONE 'UTC') - $1::interval)::date, $2, 'gpt', 1, 0, 1, 1, $3, 1, 1)
           ON CONFLICT ON CONSTRAINT ${table}_key DO UPDATE SET cost = ${table}.cost + EXCLUDED.cost`,
          [ago, id, cost],
        );
      }
    }
    if (period !== undefined) {
      await insertLiteLlmObject(calls.client, {
        kind: 'user',
        local_id: id,
        remote: { budget_duration: period },
      });
    }
    return id;
  }

  it('says who is over at once, by how much and until when', async () => {
    const lifetime = await spender('lifetime', { '200 days': '499.5', '0 days': '0.504' });
    const monthly = await spender('monthly', { '70 days': '900', '0 days': '120' }, '1mo');
    const within = await spender('within', { '70 days': '900', '0 days': '20' }, '30d');
    const daily = await spender('daily', { '2 days': '900', '0 days': '101' }, '1d');
    const yearly = await spender('yearly', { '200 days': '150' }, '365d');
    const seen = await Promise.all([lifetime, monthly, within, daily, yearly].map(calls.seen));
    const preview = await calls.ask('users', 'previewUpdate', {
      targets: { selected: seen },
      changes: { maxBudget: '100' },
    });
    const [month, tomorrow] = await Promise.all(
      ['1 month', '1 day'].map(async (length) => {
        const [row] = await calls.rows(
          `SELECT to_char(date_trunc($1, now() AT TIME ZONE 'UTC') + $2::interval, 'YYYY-MM-DD') AS next`,
          [length.slice(2), length],
        );
        return `${String(row?.['next'])}T00:00:00.000000Z`;
      }),
    );
    const over = preview.overBudget;
    expect(over?.people).toEqual([
      { id: lifetime, label: 'lifetime', spent: '500.004', budget: '100', period: null, resetsAt: null },
      { id: yearly, label: 'yearly', spent: '150', budget: '100', period: '365d', resetsAt: null },
      { id: monthly, label: 'monthly', spent: '120', budget: '100', period: '1mo', resetsAt: month },
      { id: daily, label: 'daily', spent: '101', budget: '100', period: '1d', resetsAt: tomorrow },
    ]);
    expect(over?.count).toBe(4);
    expect(preview.findings.find(({ text }) => text.includes('spent more'))).toMatchObject({
      severity: 'warning',
      count: 4,
    });
    // Who is within the budget gets it as it is; the others have it from now on.
    expect(Object.fromEntries((over?.countFromNow ?? []).map((edit) => [edit.id, edit.changes]))).toEqual({
      [lifetime]: { maxBudget: '600.01' },
      [monthly]: { maxBudget: '220' },
      [within]: { maxBudget: '100' },
      [daily]: { maxBudget: '201' },
      [yearly]: { maxBudget: '250' },
    });
  });

  it('counts seven of forty found by a filter, and counts from now with an undo', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 40; index += 1)
      ids.push(await spender(`crew-${index}`, index < 7 ? { '40 days': '500' } : { '40 days': '5' }));
    const preview = await calls.ask('users', 'previewUpdate', {
      targets: { filter: { filters: { ids: ids.join() } } },
      changes: { maxBudget: '100' },
    });
    expect(preview).toMatchObject({ toChange: 40, overBudget: { count: 7 } });
    const edits = preview.overBudget?.countFromNow ?? [];
    expect(edits).toHaveLength(40);
    const counted = await calls.ask('users', 'previewEdits', { edits: [...edits] });
    expect(counted.overBudget).toBeUndefined();
    const { batchId } = await calls.run(counted);
    const budgets = async () =>
      calls.rows(
        `SELECT max_budget::text AS budget, count(*)::int AS people FROM public.users WHERE id = ANY ($1) GROUP BY 1 ORDER BY 2`,
        [ids],
      );
    expect(await budgets()).toEqual([
      { budget: '600.000000', people: 7 },
      { budget: '100.000000', people: 33 },
    ]);
    await calls.undo(batchId);
    expect(await budgets()).toEqual([{ budget: null, people: 40 }]);
  });

  it('leaves alone, finding and offer alike, whose budget is that already', async () => {
    const had = await spender('had it', { '40 days': '500' });
    const given = await spender('is given it', { '40 days': '500' });
    await calls.client.query(`UPDATE public.users SET max_budget = 50 WHERE id = $1`, [had]);
    const preview = await calls.ask('users', 'previewUpdate', {
      targets: { selected: await Promise.all([had, given].map(calls.seen)) },
      changes: { maxBudget: '50', rpmLimit: '7' },
    });
    expect(preview).toMatchObject({ toChange: 2, overBudget: { count: 1, people: [{ id: given }] } });
    expect(preview.findings.find(({ text }) => text.includes('spent more'))?.count).toBe(1);
    const edits = preview.overBudget?.countFromNow ?? [];
    expect(Object.fromEntries(edits.map(({ id, changes }) => [id, changes]))).toEqual({
      [had]: { rpmLimit: '7' },
      [given]: { maxBudget: '550', rpmLimit: '7' },
    });
    await calls.run(preview);
    expect(
      await calls.rows(`SELECT max_budget::text AS budget, rpm_limit FROM public.users WHERE id = $1`, [had]),
    ).toEqual([{ budget: '50.000000', rpm_limit: '7' }]);
  });

  it('has nothing to say where the sum is larger, or no budget is set', async () => {
    const id = await spender('within her means', { '40 days': '500' });
    const seen = await calls.seen(id);
    for (const changes of [{ maxBudget: '500' }, { maxBudget: null, rpmLimit: '1' }, { rpmLimit: '1' }])
      expect(await calls.preview([seen], changes)).not.toHaveProperty('overBudget');
  });
});
