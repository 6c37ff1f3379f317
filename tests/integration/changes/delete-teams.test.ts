import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import type { Connection } from '../../../src/main/postgres/database';
import { teamDeletion } from '../../../src/main/teams/team-deletion';
import {
  insertApiKey,
  insertModel,
  insertSubscription,
  insertTeam,
  insertTeamMember,
  insertUsageLog,
  insertUser,
} from '../../support/builders';
import { describeOnEachPostgres } from '../../support/postgres';
import { openTeamCalls, type TeamCalls } from './team-calls';

/** More than go with a team in one transaction. */
const busyRequests = 10_050;

describeOnEachPostgres('deleting teams', (major) => {
  let calls: TeamCalls;
  let ana: string;
  let subscription: string;
  beforeAll(async () => {
    calls = await openTeamCalls({ major });
    ana = (await insertUser(calls.client, { username: 'ana' })).id;
    await insertModel(calls.client, { id: 'gpt' });
    subscription = (await insertSubscription(calls.client, { user_id: ana, model_id: 'gpt' })).id;
  });
  afterAll(() => calls.close());

  const spendOf = (team: string) =>
    calls.rows(
      'SELECT sum(requests)::text AS requests FROM litemaas_console.usage_monthly WHERE team_id = $1',
      [team],
    );

  it('takes members along and switches keys off, keeps what was used, and brings all of it back', async () => {
    const { id } = await insertTeam(calls.client, { name: 'Crew', allowed_models: ['gpt'] });
    await insertTeamMember(calls.client, { team_id: id, user_id: ana, role: 'admin' });
    const key = await insertApiKey(calls.client, { user_id: ana, team_id: id });
    await calls.client.query('UPDATE public.subscriptions SET team_id = $1 WHERE id = $2', [
      id,
      subscription,
    ]);
    const used = { subscription_id: subscription, model_id: 'gpt', team_id: id };
    const month = new Date().toISOString();
    await insertUsageLog(calls.client, { ...used, created_at: month, input_cost: '0.5' });
    const state = async () => [
      ...(await calls.rows('SELECT name, allowed_models FROM public.teams WHERE id = $1', [id])),
      ...(await calls.rows('SELECT role FROM public.team_members WHERE team_id = $1', [id])),
      ...(await calls.rows('SELECT team_id, is_active FROM public.api_keys WHERE id = $1', [key.id])),
      ...(await calls.rows('SELECT team_id FROM public.subscriptions WHERE id = $1', [subscription])),
      ...(await calls.rows('SELECT team_id FROM public.usage_logs')),
      ...(await spendOf(id)),
    ];
    const before = await state();
    expect(before).toHaveLength(6);
    const preview = await calls.previewDeletion([id]);
    expect(preview).toMatchObject({
      ...{ action: 'TEAM_DELETE', grade: 'destroys', toChange: 1 },
      parts: [{ kind: 'api_key', way: 'update', count: 1 }],
    });
    expect(preview.cascade.map(({ table, fate, rows }) => `${table} ${fate} ${String(rows)}`).sort()).toEqual(
      [
        'public.api_keys blanked 1',
        'public.subscriptions blanked 1',
        'public.team_members deleted 1',
        'public.usage_logs blanked 1',
      ],
    );
    expect(preview.findings.map(({ text }) => text)).toEqual([
      '1 API key of the team that works now is switched off: LiteLLM deletes it, and without the team it would be allowed more.',
      '1 subscription stays and belongs to no team any more.',
      'The recorded usage stays in all charts: 1 request, 0.5 USD.',
    ]);
    await expect(calls.run(preview)).rejects.toMatchObject({ code: 'validation' });
    const { batchId, done } = await calls.run(preview, 'project is over');
    expect(done).toBe(1);
    expect(await state()).toEqual([
      { team_id: null, is_active: false },
      { team_id: null },
      { team_id: null },
      ...(before.slice(-1) as object[]),
    ]);
    expect(
      await calls.rows('SELECT action, metadata FROM public.audit_logs WHERE resource_id = ANY($1)', [
        [id, key.id],
      ]),
    ).toMatchObject([
      { action: 'TEAM_DELETE', metadata: { before: { name: 'Crew' }, reason: 'project is over' } },
      { action: 'API_KEY_UPDATE', metadata: { before: { isActive: true }, after: { isActive: false } } },
    ]);
    expect(await calls.undo(batchId)).toMatchObject({ done: 1 });
    expect(await state()).toEqual(before);
  });

  it('takes the requests of a busy team out of it in slices, says how far that is, and brings all back', async () => {
    const { id } = await insertTeam(calls.client, { name: 'Busy' });
    await calls.client.query(
      `INSERT INTO public.usage_logs (subscription_id, model_id, team_id, request_tokens, response_tokens, status_code,
         litellm_request_id, input_cost, created_at)
       SELECT $1, 'gpt', $2, 1, 1, 200, 'busy-' || n, 0.5, CURRENT_TIMESTAMP - n * interval '10 seconds'
       FROM generate_series(1, $3::int) AS n`,
      [subscription, id, busyRequests],
    );
    const state = async () => [
      ...(await calls.rows('SELECT count(*)::int AS requests FROM public.usage_logs WHERE team_id = $1', [
        id,
      ])),
      ...(await spendOf(id)),
    ];
    const before = await state();
    expect(before).toEqual([{ requests: busyRequests }, { requests: String(busyRequests) }]);
    const { plan } = await calls.previewDeletion([id]);
    // Its console is killed once the first slice is moved.
    const beginning = randomUUID();
    await calls.client.query(
      `INSERT INTO litemaas_console.moved_aside (record_kind, record_id, batch_id, way, action, label, reason, actor)
       VALUES ('team', $1, $2, 'delete', 'TEAM_DELETE', 'Busy', 'is over', 'test')`,
      [id, beginning],
    );
    const { signal } = new AbortController();
    await calls.workspace.database.batch(signal, (connection) => teamDeletion.archive(connection, [id]));
    expect(await calls.ask('changes', 'unfinished', {})).toMatchObject({
      items: [{ kind: 'team', way: 'delete', moved: 10_000, toMove: busyRequests }],
    });
    await calls.ask('changes', 'finish', { batchId: beginning, how: 'put_back' });
    expect(await state()).toEqual(before);

    const { batchId } = await calls.run(plan, 'is over');
    expect(await calls.team(id)).toEqual({});
    expect(await state()).toEqual([{ requests: 0 }, before[1]]);
    expect(await calls.undo(batchId)).toMatchObject({ done: 1, problems: [] });
    expect(await state()).toEqual(before);
    expect(await calls.ask('changes', 'unfinished', {})).toEqual({ items: [] });
  }, 120_000);

  it('brings back a team without looking through the requests of no team', async () => {
    const unused = await insertTeam(calls.client);
    const used = await insertTeam(calls.client);
    const ben = (await insertUser(calls.client)).id;
    const own = (await insertSubscription(calls.client, { user_id: ben, model_id: 'gpt' })).id;
    const request = { subscription_id: own, model_id: 'gpt', created_at: new Date().toISOString() };
    await insertUsageLog(calls.client, { ...request, former_team_id: used.id });
    // As most are: of no team.
    await calls.client.query(
      `INSERT INTO public.usage_logs (subscription_id, model_id, request_tokens, response_tokens, status_code,
         litellm_request_id, created_at)
       SELECT $1, 'gpt', 1, 1, 200, 'alone-' || n, CURRENT_TIMESTAMP - n * interval '10 seconds'
       FROM generate_series(1, 5000) AS n`,
      [subscription],
    );
    await calls.client.query('ANALYZE public.usage_logs, litemaas_console.usage_daily, public.teams');
    // Before PostgreSQL 18 the counters hold what the session did in earlier transactions too.
    const rowsRead = async ({ select }: Connection): Promise<number> => {
      const [row] = await select(
        z.strictObject({ read: z.int() }),
        sql`SELECT coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0)::int AS read FROM pg_stat_xact_user_tables
            WHERE relname LIKE 'usage\\_logs%'`,
      );
      return row?.read ?? Infinity;
    };
    /** What became of the team's requests, and how many rows of the log were read for it. */
    const restored = ({ id }: { readonly id: string }) =>
      calls.workspace.database.batch(new AbortController().signal, async (connection) => {
        const before = await rowsRead(connection);
        const moved = await teamDeletion.restore(connection, [id]);
        await teamDeletion.hasAside(connection, [id]);
        await teamDeletion.amounts(connection, [id]);
        return { moved, isQuick: (await rowsRead(connection)) - before < 100 };
      });
    expect(await restored(unused)).toEqual({ moved: 0, isQuick: true });
    expect(await restored(used)).toMatchObject({ moved: 1 });
  });

  it('does not give back a key that somebody changed since', async () => {
    const { id } = await insertTeam(calls.client);
    const key = await insertApiKey(calls.client, { user_id: ana, team_id: id });
    const { batchId } = await calls.run(await calls.previewDeletion([id]), 'project is over');
    await calls.client.query('UPDATE public.api_keys SET is_active = true WHERE id = $1', [key.id]);
    expect(await calls.ask('changes', 'previewUndo', { batchId })).toMatchObject({
      toChange: 0,
      conflictCount: 1,
    });
  });
});
