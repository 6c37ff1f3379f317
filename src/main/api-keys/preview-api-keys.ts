import type { ApiKeyChanges } from '../../shared/contract/api-keys';
import type { ChangeValue } from '../../shared/contract/changes';
import type { Contract } from '../../shared/contract/index';
import { AppError } from '../../shared/errors';
import { everyModelOfProxy } from '../../shared/records/api-keys';
import type { Wish } from '../changes/judge';
import { previewChange } from '../changes/preview';
import { type Image, nothing } from '../changes/record-table';
import { wishesOfTargets } from '../changes/wishes-of-targets';
import { say } from '../kernel/say';
import type { Connection } from '../postgres/database';
import type { Handler } from '../router/handlers';
import { apiKeysChange, revokeChange } from './api-keys-change';
import { apiKeyList } from './api-keys-list';
import { endOfDay } from './end-of-day';
import { sortedModels } from './model-scope';

/** What a change of keys would do. */
export const previewUpdate: Handler<Contract['apiKeys']['previewUpdate']> = (
  { targets, changes },
  { signal, workspace },
) =>
  workspace.database.read(signal, async (connection) => {
    const set = await wishedOfKey(connection, changes);
    const wishes = await wishesOfTargets(connection, apiKeyList, targets, { way: 'update', set }, signal);
    return previewChange(connection, workspace, apiKeysChange, apiKeysChange.actions.update, wishes);
  });

/** What changes would do that differ from key to key. */
export const previewEdits: Handler<Contract['apiKeys']['previewEdits']> = (
  { edits },
  { signal, workspace },
) =>
  workspace.database.read(signal, async (connection) => {
    const wishes: Wish[] = [];
    for (const { id, version, changes } of edits) {
      const set = await wishedOfKey(connection, changes);
      wishes.push({ id, way: 'update', label: id, expected: { version }, set, undoes: null, parts: null });
    }
    return previewChange(connection, workspace, apiKeysChange, apiKeysChange.actions.update, wishes);
  });

/** What revoking keys would do. */
export const previewRevoke: Handler<Contract['apiKeys']['previewRevoke']> = (
  { targets },
  { signal, workspace },
) =>
  workspace.database.read(signal, async (connection) => {
    const revokedAt = new Date().toISOString().replace('Z', '000Z');
    const what = { way: 'update' as const, set: { isActive: false, revokedAt } };
    const wishes = await wishesOfTargets(connection, apiKeyList, targets, what, signal);
    return previewChange(connection, workspace, revokeChange, revokeChange.actions.update, wishes);
  });

/** What deleting keys would do that are revoked or blocked: what stays of their usage, and what LiteLLM has to hear. */
export const previewDelete: Handler<Contract['apiKeys']['previewDelete']> = (
  { targets },
  { signal, workspace },
) =>
  workspace.database.read(signal, async (connection) => {
    const what = { way: 'delete' as const, set: nothing };
    const wishes = await wishesOfTargets(connection, apiKeyList, targets, what, signal);
    return previewChange(connection, workspace, apiKeysChange, apiKeysChange.actions.delete, wishes);
  });

/**
 * The fields to set, as the record holds them.
 * @throws AppError `validation` where there are none, or where a key would have ended already.
 */
async function wishedOfKey(
  connection: Connection,
  { models, expiresAt, ...rest }: ApiKeyChanges,
): Promise<Image> {
  const fields: readonly (readonly [string, ChangeValue | undefined])[] = [
    ...Object.entries(rest),
    ['models', models === undefined ? undefined : namedModels(models)],
    ['expiresAt', await instantOf(connection, expiresAt)],
  ];
  const set = fields.filter((entry): entry is readonly [string, ChangeValue] => entry[1] !== undefined);
  if (set.length === 0) throw new AppError('validation', say('changes.nothingWished'));
  return Object.fromEntries(set);
}

const namedModels = (models: NonNullable<ApiKeyChanges['models']>): string[] =>
  models === 'all' ? [everyModelOfProxy] : sortedModels(models);

async function instantOf(
  connection: Connection,
  wished: ApiKeyChanges['expiresAt'],
): Promise<string | null | undefined> {
  if (wished === undefined || wished === null) return wished;
  const instant = wished.includes('T') ? wished : await endOfDay(connection, wished);
  if (Date.parse(instant) > Date.now()) return instant;
  throw new AppError('validation', say('changes.keys.endPast'), { hint: say('changes.keys.endPastHint') });
}
