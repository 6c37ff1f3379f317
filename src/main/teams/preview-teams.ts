import { type ChangeValue, maxChangedRecords } from '../../shared/contract/changes';
import type { Contract } from '../../shared/contract/index';
import type { TeamChanges } from '../../shared/contract/teams';
import { AppError } from '../../shared/errors';
import type { Wish } from '../changes/judge';
import { previewChange } from '../changes/preview';
import { type Image, nothing } from '../changes/record-table';
import { say } from '../kernel/say';
import type { Connection } from '../postgres/database';
import { readAllIds } from '../records/list-query';
import { listSource } from '../records/record-list';
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
    const wishes = await wishesOf(connection, targets, { way: 'update', set }, signal);
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
    const wishes = await wishesOf(connection, targets, { way: 'delete', set: nothing }, signal);
    return previewChange(connection, workspace, teamsChange, teamsChange.actions.delete, wishes);
  });

type TeamTargets = Parameters<typeof previewDelete>[0]['targets'];

async function wishesOf(
  connection: Connection,
  targets: TeamTargets,
  what: Pick<Wish, 'way' | 'set'>,
  signal: AbortSignal,
): Promise<Wish[]> {
  const wish = { ...what, undoes: null, parts: null };
  if ('selected' in targets) {
    return targets.selected.map(({ id, version }) => ({ ...wish, id, label: id, expected: { version } }));
  }
  const found: Wish[] = [];
  const source = await listSource(connection, teamList, targets.filter);
  for await (const ids of readAllIds(connection, source, signal)) {
    found.push(...ids.map((id): Wish => ({ ...wish, id, label: id, expected: 'as it is' })));
    if (found.length > maxChangedRecords) {
      throw new AppError('validation', say('changes.tooMany', { limit: maxChangedRecords }), {
        hint: say('changes.tooManyHint'),
      });
    }
  }
  return found;
}

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
