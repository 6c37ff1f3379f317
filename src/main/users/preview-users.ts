import type { ChangeValue } from '../../shared/contract/changes';
import type { Contract } from '../../shared/contract/index';
import type { UserChanges, UserEdit } from '../../shared/contract/users';
import { AppError } from '../../shared/errors';
import { plainName } from '../../shared/plain-name';
import type { Wish } from '../changes/judge';
import { previewChange } from '../changes/preview';
import { type Image, nothing } from '../changes/record-table';
import { wishesOfTargets } from '../changes/wishes-of-targets';
import { say } from '../kernel/say';
import type { Connection } from '../postgres/database';
import type { Handler } from '../router/handlers';
import type { OpenWorkspace } from '../workspace/open-workspace';
import { withOverBudget } from './over-budget';
import { usersChange } from './users-change';
import { userList } from './users-list';

/** What a change of users would do. */
export const previewUpdate: Handler<Contract['users']['previewUpdate']> = (
  { targets, changes },
  { signal, workspace },
) => {
  const set = wished(changes);
  if (Object.keys(set).length === 0) throw new AppError('validation', say('changes.nothingWished'));
  return workspace.database.read(signal, async (connection) => {
    const wishes = await wishesOfTargets(connection, userList, targets, { way: 'update', set }, signal);
    return previewUpdates(connection, workspace, wishes);
  });
};

/** What changes would do that differ from user to user. */
export const previewEdits: Handler<Contract['users']['previewEdits']> = ({ edits }, { signal, workspace }) =>
  workspace.database.read(signal, (connection) =>
    previewUpdates(connection, workspace, wishesOfEdits(edits)),
  );

async function previewUpdates(connection: Connection, workspace: OpenWorkspace, wishes: readonly Wish[]) {
  const { update } = usersChange.actions;
  const preview = await previewChange(connection, workspace, usersChange, update, wishes);
  return withOverBudget(connection, workspace, preview);
}

/**
 * Wishes for users who each get something of their own.
 * @throws AppError `validation` where nothing is wished of one of them.
 */
function wishesOfEdits(edits: readonly UserEdit[]): Wish[] {
  return edits.map(({ id, version, changes }) => {
    const set = wished(changes);
    if (Object.keys(set).length === 0) throw new AppError('validation', say('changes.nothingWished'));
    return { id, way: 'update', label: id, expected: { version }, set, undoes: null, parts: null };
  });
}

/** What deleting users would do: all that the foreign keys take along, and what stays of their usage. */
export const previewDelete: Handler<Contract['users']['previewDelete']> = (
  { targets },
  { signal, workspace },
) =>
  workspace.database.read(signal, async (connection) => {
    const wishes = await wishesOfTargets(
      connection,
      userList,
      targets,
      { way: 'delete', set: nothing },
      signal,
    );
    return previewChange(connection, workspace, usersChange, usersChange.actions.delete, wishes);
  });

/** The fields to set, names in the one form in which they are kept. */
function wished({ roles, ...rest }: UserChanges): Image {
  const fields = Object.entries({ ...rest, ...(roles === undefined ? {} : { roles: [...new Set(roles)] }) });
  return Object.fromEntries(
    fields
      .filter((entry): entry is [string, ChangeValue] => entry[1] !== undefined)
      .map(([field, value]) => [
        field,
        isName(field) && typeof value === 'string' ? plainName(value) : value,
      ]),
  );
}

const isName = (field: string): boolean => ['username', 'email', 'fullName'].includes(field);
