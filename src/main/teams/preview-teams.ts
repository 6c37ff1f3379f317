import type { ChangeValue } from '../../shared/contract/changes';
import type { Contract } from '../../shared/contract/index';
import type { TeamChanges } from '../../shared/contract/teams';
import { AppError } from '../../shared/errors';
import type { Wish } from '../changes/judge';
import { previewChange } from '../changes/preview';
import { type Image, nothing } from '../changes/record-table';
import { wishesOfTargets } from '../changes/wishes-of-targets';
import { say } from '../kernel/say';
import type { Handler } from '../router/handlers';
import { teamsChange } from './teams-change';
import { teamList } from './teams-list';

/** What a change of teams would do. */
export const previewUpdate: Handler<Contract['teams']['previewUpdate']> = (
  { targets, changes },
  { signal, workspace },
) => {
  const set = wishedOfTeam(changes);
  return workspace.database.read(signal, async (connection) => {
    const wishes = await wishesOfTargets(connection, teamList, targets, { way: 'update', set }, signal);
    return previewChange(connection, workspace, teamsChange, teamsChange.actions.update, wishes);
  });
};

/** What changes would do that differ from team to team. */
export const previewEdits: Handler<Contract['teams']['previewEdits']> = ({ edits }, { signal, workspace }) =>
  workspace.database.read(signal, (connection) => {
    const wishes = edits.map(({ id, version, changes }): Wish => {
      const set = wishedOfTeam(changes);
      return { id, way: 'update', label: id, expected: { version }, set, undoes: null, parts: null };
    });
    return previewChange(connection, workspace, teamsChange, teamsChange.actions.update, wishes);
  });

/** What deleting teams would do: all that the foreign keys take along, the keys that end, and what stays of their usage. */
export const previewDelete: Handler<Contract['teams']['previewDelete']> = (
  { targets },
  { signal, workspace },
) =>
  workspace.database.read(signal, async (connection) => {
    const wishes = await wishesOfTargets(
      connection,
      teamList,
      targets,
      { way: 'delete', set: nothing },
      signal,
    );
    return previewChange(connection, workspace, teamsChange, teamsChange.actions.delete, wishes);
  });

/**
 * The fields to set, as the columns hold them: an empty list of models is all of them.
 * @throws AppError `validation` where there are none.
 */
export function wishedOfTeam({ allowedModels, ...rest }: TeamChanges): Image {
  const fields: readonly (readonly [string, ChangeValue | undefined])[] = [
    ...Object.entries(rest),
    ['allowedModels', allowedModels === undefined ? undefined : namedModels(allowedModels)],
  ];
  const set = fields.filter((entry): entry is readonly [string, ChangeValue] => entry[1] !== undefined);
  if (set.length === 0) throw new AppError('validation', say('changes.nothingWished'));
  return Object.fromEntries(set);
}

const namedModels = (allowed: NonNullable<TeamChanges['allowedModels']>): string[] =>
  allowed === 'all' ? [] : allowed;
