import { afterAll, beforeAll, expect, it } from 'vitest';
import { insertTeam, insertTeamMember, insertUser } from '../../support/builders';
import { describeOnEachPostgres } from '../../support/postgres';
import { type AreaCalls, openAreaCalls } from './area-calls';

describeOnEachPostgres('which teams a pasted table means', (major) => {
  let areas: AreaCalls;
  beforeAll(async () => {
    areas = await openAreaCalls({ major });
  });
  afterAll(() => areas.close());

  const named = async (...names: string[]) => (await areas.ask('teams', 'named', { names })).teams;

  it('finds each team that has a name or an alias, in any case, and tells them apart', async () => {
    const { client } = areas;
    const first = await insertTeam(client, { name: 'Infra', alias: 'infra-eu' });
    const second = await insertTeam(client, { name: 'infra', is_active: false });
    await insertTeam(client, { name: 'Infra North' });
    const ana = await insertUser(client, {});
    await insertTeamMember(client, { team_id: first.id, user_id: ana.id });
    const both = await named('INFRA');
    expect(both.map(({ id }) => id).sort()).toEqual([first.id, second.id].sort());
    expect(both.find(({ id }) => id === first.id)).toMatchObject({
      ...{ name: 'INFRA', label: 'Infra', alias: 'infra-eu', isActive: true, memberCount: 1 },
    });
    expect(both.find(({ id }) => id === second.id)).toMatchObject({ isActive: false, memberCount: 0 });
    expect((await named('Infra-EU', 'nowhere')).map(({ name, id }) => [name, id])).toEqual([
      ['Infra-EU', first.id],
    ]);
    expect(await named()).toEqual([]);
  });

  it.each(['a\0b', '\0'])('says that no text of a database holds such a character: %j', async (name) => {
    await expect(named(name)).rejects.toMatchObject({
      code: 'validation',
      message: expect.stringContaining('can’t keep') as string,
    });
  });

  it('names a team once whose name is its alias, and the first few of many', async () => {
    const { client } = areas;
    const one = await insertTeam(client, { name: 'Ops', alias: 'ops' });
    expect((await named('ops', 'ops')).map(({ id }) => id)).toEqual([one.id]);
    for (let made = 0; made < 7; made += 1) await insertTeam(client, { name: 'Twins' });
    expect(await named('twins')).toHaveLength(5);
  });
});
