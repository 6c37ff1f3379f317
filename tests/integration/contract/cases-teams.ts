import { expect } from 'vitest';
import { newTeamDefaults } from '../../../src/shared/contract/teams';
import { defaultTeamId } from '../../../src/shared/default-team';
import { type Cases, client, id, page, sql } from './contract-world';

/** Teams and their members. */
export const teamCases: Cases = {
  'teams.list': async () => {
    const { rows } = await client.ask('teams', 'list', { ...page, search: 'Crew' });
    expect(rows).toMatchObject([
      { id: id('team'), alias: 'crew', memberCount: 1, allModels: false, allowedModels: ['gpt'] },
    ]);
  },
  'teams.get': async () => {
    expect(await client.ask('teams', 'get', { id: id('team') })).toMatchObject({
      name: 'Crew',
      createdBy: { id: id('ana') },
    });
  },
  'teams.spend': async () => {
    // The world's month is November 2026; the spend is that of the current one.
    const move = (month: string) =>
      sql.query(`UPDATE litemaas_console.usage_monthly SET month = ${month} WHERE team_id = $1`, [
        id('team'),
      ]);
    await move(`date_trunc('month', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')::date`);
    expect(await client.ask('teams', 'spend', { id: id('team') })).toEqual({
      ...{ total: '0.75', members: [{ user: { id: id('ana'), label: 'ana' }, spent: '0.75' }], left: null },
      others: { count: 0, spent: '0' },
    });
    await move(`'2026-11-01'`);
  },
  'teams.members': async () => {
    expect(await client.ask('teams', 'members', { filters: { teamId: id('team') } })).toMatchObject({
      total: 1,
      rows: [{ user: { id: id('ana'), label: 'ana' }, role: 'admin' }],
    });
  },
  'teams.memberships': async () => {
    expect(await client.ask('teams', 'memberships', { filters: { userId: id('ana') } })).toMatchObject({
      rows: expect.arrayContaining([
        expect.objectContaining({
          team: { id: id('team'), label: 'Crew' },
          role: 'admin',
          teamIsActive: true,
        }),
      ]) as unknown,
    });
  },
  'teams.exportMembersCsv': async () => {
    const members = { filters: { teamId: id('team') } };
    expect(await client.download('teams', 'exportMembersCsv', members)).toContain(
      `${id('ana')},ana,ana@example.com,admin,true,`,
    );
  },
  'teams.options': async () => {
    expect(await client.ask('teams', 'options', { search: 'crew' })).toEqual({
      options: [{ id: id('team'), label: 'Crew' }],
    });
  },
  'teams.named': async () => {
    expect(await client.ask('teams', 'named', { names: ['crew', 'nobody'] })).toMatchObject({
      teams: [{ name: 'crew', id: id('team'), label: 'Crew', isActive: true }],
    });
  },
  'teams.previewUpdate': async () => {
    const targets = { filter: { filters: {}, search: 'Crew' } };
    const changes = { allowedModels: 'all' as const };
    expect(await client.ask('teams', 'previewUpdate', { targets, changes })).toMatchObject({
      action: 'TEAM_UPDATE',
      toChange: 1,
      records: [{ id: id('team'), fields: [{ field: 'allowedModels', before: ['gpt'], after: [] }] }],
    });
  },
  'teams.previewEdits': async () => {
    const { version } = await client.ask('teams', 'get', { id: id('team') });
    const edits = [{ id: id('team'), version, changes: { alias: null } }];
    expect(await client.ask('teams', 'previewEdits', { edits })).toMatchObject({
      records: [{ id: id('team'), fields: [{ field: 'alias', before: 'crew', after: null }] }],
    });
  },
  'teams.previewCreate': async () => {
    const team = { ...newTeamDefaults, name: 'Second', alias: null, description: null };
    const members = [{ userId: id('ana'), role: 'admin' as const }];
    const input = { team: { ...team, allowedModels: 'all' as const }, members };
    expect(await client.ask('teams', 'previewCreate', input)).toMatchObject({
      ...{ action: 'TEAM_CREATE', records: [{ label: 'Second', way: 'create' }] },
      parts: [{ kind: 'team_member', way: 'create', count: 1 }],
    });
  },
  'teams.previewAddMembers': async () => {
    const members = [{ userId: id('ana'), role: 'admin' as const }];
    expect(await client.ask('teams', 'previewAddMembers', { teamId: id('team'), members })).toMatchObject({
      ...{ total: 0, findings: [{ text: 'Already in the team: ana.' }] },
    });
  },
  'teams.previewMemberRoles': async () => {
    const members = await crew();
    expect(await client.ask('teams', 'previewMemberRoles', { members, role: 'member' })).toMatchObject({
      records: [{ label: 'ana', fields: [{ field: 'role', before: 'admin', after: 'member' }] }],
    });
  },
  'teams.previewRemoveMembers': async () => {
    expect(await client.ask('teams', 'previewRemoveMembers', { members: await crew() })).toMatchObject({
      ...{ action: 'TEAM_MEMBER_REMOVE', records: [{ label: 'ana', way: 'delete' }] },
    });
  },
  'teams.previewMoveMembers': async () => {
    const members = await crew();
    expect(await client.ask('teams', 'previewMoveMembers', { members, to: defaultTeamId })).toMatchObject({
      ...{ action: 'TEAM_MEMBER_REMOVE', records: [{ label: 'ana', way: 'delete' }] },
    });
  },
  'teams.memberKeys': async () => {
    const members = (await crew()).map((member) => member.id);
    expect(await client.ask('teams', 'memberKeys', { members })).toMatchObject({
      keys: [{ id: id('key'), label: 'laptop', prefix: 'sk-cont', owner: 'ana', isActive: true }],
    });
  },
  'teams.previewDelete': async () => {
    const { version } = await client.ask('teams', 'get', { id: id('team') });
    const targets = { selected: [{ id: id('team'), version }] };
    expect(await client.ask('teams', 'previewDelete', { targets })).toMatchObject({
      ...{ action: 'TEAM_DELETE', grade: 'destroys' },
      records: [{ id: id('team'), label: 'Crew', way: 'delete' }],
    });
  },
  'teams.exportCsv': async () => {
    expect(await client.download('teams', 'exportCsv', page)).toContain('Crew');
  },
};

/** The members of the one team, as they are now. */
async function crew(): Promise<{ readonly id: string; readonly version: string }[]> {
  const { rows } = await client.ask('teams', 'members', { filters: { teamId: id('team') } });
  return rows.map((member) => ({ id: member.id, version: member.version }));
}
