import { afterAll, beforeAll, expect, it } from 'vitest';
import { insertTeam, insertTeamMember, insertUser } from '../../support/builders';
import { describeOnEachPostgres } from '../../support/postgres';
import { type AreaCalls, openAreaCalls } from './area-calls';

describeOnEachPostgres('what a team’s members spend in it', (major) => {
  let areas: AreaCalls;
  let team: string;
  const people: string[] = [];
  beforeAll(async () => {
    areas = await openAreaCalls({ major });
    const { client } = areas;
    team = (await insertTeam(client, {})).id;
    for (let made = 1; made <= 13; made += 1) {
      const { id } = await insertUser(client, { username: `member-${String(made).padStart(2, '0')}` });
      people.push(id);
      // The last one has left.
      if (made < 13) await insertTeamMember(client, { team_id: team, user_id: id });
    }
  });
  afterAll(() => areas.close());

  const spend = (user: string | null, cost: string, of: string | null = team, month = 'now()') =>
    areas.client.query(
      `INSERT INTO litemaas_console.usage_monthly (month, user_id, team_id, model_id, requests, errors,
         request_tokens, response_tokens, cost, latency_ms_sum, latency_count)
       VALUES (date_trunc('month', ${month})::date, $1, $2, 'gpt', 1, 0, 0, 0, $3, 0, 0)`,
      [user, of, cost],
    );

  it('is nothing before anything was spent', async () => {
    expect(await areas.ask('teams', 'spend', { id: team })).toEqual({
      ...{ total: '0', members: [], left: null },
      others: { count: 0, spent: '0' },
    });
  });

  it('is exact, by member, without other months and teams, and keeps what leavers spent', async () => {
    for (const [index, id] of people.entries()) await spend(id, `0.${String(index + 1).padStart(12, '0')}`);
    await spend(people[0] ?? '', '7', null);
    await spend(people[0] ?? '', '8', (await insertTeam(areas.client, {})).id);
    await spend(people[0] ?? '', '9', team, "now() - interval '2 months'");
    await spend(null, '0.5');
    const { total, members, others, left } = await areas.ask('teams', 'spend', { id: team });
    expect(total).toBe('0.500000000091');
    expect(members.map(({ user, spent }) => `${user.label} ${spent}`).slice(0, 2)).toEqual([
      'member-12 0.000000000012',
      'member-11 0.000000000011',
    ]);
    expect(members).toHaveLength(10);
    expect(others).toEqual({ count: 2, spent: '0.000000000003' });
    expect(left).toBe('0.500000000013');
    const { rows } = await areas.ask('teams', 'members', { filters: { teamId: team } });
    expect(rows[0]).toMatchObject({ user: { label: 'member-01' }, spentThisMonth: '0.000000000001' });
  });
});
