import { randomUUID } from 'node:crypto';
import type { Contract } from '../../shared/contract/index';
import type { PartWish } from '../changes/judge';
import { previewChange } from '../changes/preview';
import type { Handler } from '../router/handlers';
import { findingOf, inactivePeople, withFindings } from './member-findings';
import { wishedOfTeam } from './preview-teams';
import { membershipOfUser } from './team-members-record';
import { teamsChange } from './teams-change';

/** What creating a team would do: it is made with all of its members, or not at all. */
export const previewCreate: Handler<Contract['teams']['previewCreate']> = (
  { team, members },
  { signal, workspace },
) =>
  workspace.database.read(signal, async (connection) => {
    const id = randomUUID();
    const wish = {
      id,
      way: 'create' as const,
      label: team.name,
      expected: 'as it is' as const,
      set: { ...wishedOfTeam(team), isActive: true },
      undoes: null,
      parts: members.map(({ userId, role }): PartWish => ({
        kind: membershipOfUser,
        id: randomUUID(),
        way: 'create',
        set: { teamId: id, userId, role },
        expected: null,
        undoes: null,
      })),
    };
    const { create } = teamsChange.actions;
    const preview = await previewChange(connection, workspace, teamsChange, create, [wish]);
    const off = await inactivePeople(
      connection,
      members.map(({ userId }) => userId),
    );
    return withFindings(preview, findingOf('warning', 'changes.members.inactive', off));
  });
