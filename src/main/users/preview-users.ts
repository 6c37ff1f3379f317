import { type ChangeValue, maxChangedRecords } from '../../shared/contract/changes';
import type { Contract } from '../../shared/contract/index';
import type { UserChanges, UserEdit } from '../../shared/contract/users';
import { AppError } from '../../shared/errors';
import { plainName } from '../../shared/plain-name';
import type { Wish } from '../changes/judge';
import { previewChange } from '../changes/preview';
import { type Image, nothing } from '../changes/record-table';
import { say } from '../kernel/say';
import type { Connection } from '../postgres/database';
import { readAllIds } from '../records/list-query';
import { listSource } from '../records/record-list';
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
    const wishes = await wishesOf(connection, targets, { way: 'update', set }, signal);
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
    const wishes = await wishesOf(connection, targets, { way: 'delete', set: nothing }, signal);
    return previewChange(connection, workspace, usersChange, usersChange.actions.delete, wishes);
  });

async function wishesOf(
  connection: Connection,
  targets: UserTargets,
  what: Pick<Wish, 'way' | 'set'>,
  signal: AbortSignal,
): Promise<Wish[]> {
  const wish = { ...what, undoes: null, parts: null };
  if ('selected' in targets) {
    return targets.selected.map(({ id, version }) => ({ ...wish, id, label: id, expected: { version } }));
  }
  const ids = await idsOf(connection, targets.filter, signal);
  return ids.map((id) => ({ ...wish, id, label: id, expected: 'as it is' }));
}

type UserTargets = Parameters<typeof previewDelete>[0]['targets'];

async function idsOf(
  connection: Connection,
  filter: Extract<UserTargets, { filter: unknown }>['filter'],
  signal: AbortSignal,
): Promise<string[]> {
  const found: string[] = [];
  const source = await listSource(connection, userList, filter);
  for await (const ids of readAllIds(connection, source, signal)) {
    found.push(...ids);
    if (found.length > maxChangedRecords) {
      throw new AppError('validation', say('changes.tooMany', { limit: maxChangedRecords }), {
        hint: say('changes.tooManyHint'),
      });
    }
  }
  return found;
}

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
