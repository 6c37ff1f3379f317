import { compareDecimals, isDecimal } from '../../shared/decimal';
import { namesOfEveryModel } from '../../shared/records/api-keys';
import type { Change, ChangedRecord, RecordFinding } from '../changes/change';
import { limitFindings, nameFindings } from '../changes/field-findings';
import { deletedField } from '../changes/outbox';
import { type Image, isThere } from '../changes/record-table';
import { spokenUtc } from '../changes/spoken-utc';
import { say } from '../kernel/say';
import { apiKeysRecord, keyOfOwner } from './api-keys-record';
import { deletedKeyFindings, keyDeletion, keyUsageFindings } from './key-deletion';
import { keyNames } from './key-names';
import { keepInTeam, placeFindings } from './key-places';
import { keepLostKeysOff, lostKeyFindings } from './taken-keys';

/** Fields that LiteLLM holds too. A key's name is LiteMaaS's own; LiteLLM knows the alias. */
const remoteFields = [
  'litellmKeyAlias',
  'isActive',
  'maxBudget',
  'budgetDuration',
  'tpmLimit',
  'rpmLimit',
  'expiresAt',
  'revokedAt',
  'teamId',
  'models',
] as const;

/**
 * API keys: names, limits, expiry, models and team; blocked and unblocked; deleted once they are ended. Neither value nor
 * hash is ever read.
 */
export const apiKeysChange: Change = {
  actions: { create: 'API_KEY_CREATE', update: 'API_KEY_UPDATE', delete: 'API_KEY_DELETE' },
  partKinds: [],
  record: apiKeysRecord,
  fields: apiKeysRecord.editable.filter((field) => field !== 'revokedAt'),
  sliceSize: 1_000,
  grade(before, after) {
    if (!isThere(after)) return 'destroys';
    if (!isThere(before)) return 'reversible';
    const isSwitched = before['isActive'] !== after['isActive'];
    const isMoved = before['teamId'] !== after['teamId'];
    return isSwitched || isMoved || takenBy(before, after).length > 0 ? 'reaches_people' : 'reversible';
  },
  // One that is deleted, or comes back as it was, is nobody's wish for its fields.
  rules: (before, after) =>
    isThere(before) && isThere(after)
      ? [
          ...revokedFindings(before, after),
          ...limitFindings(before, after),
          ...nameFindings(before, after, ['name', 'litellmKeyAlias']),
          ...expiryFindings(before, after),
          ...modelFindings(before, after),
        ]
      : [],
  namesOf: keyNames,
  async rulesOfEach(connection, changed) {
    const [updates, others] = divided(changed, ({ way }) => way === 'update');
    return new Map([
      ...(updates.length === 0 ? [] : await placeFindings(connection, updates)),
      ...(others.length === 0 ? [] : await deletedKeyFindings(connection, others)),
    ]);
  },
  rulesOfAll: async (connection, changed) => [
    ...(await lostKeyFindings(connection, changed, changed.map(asPart))),
    ...(await keyUsageFindings(connection, changed)),
  ],
  deletion: keyDeletion,
  async hold(connection, changed) {
    await keepLostKeysOff(connection, changed, changed.map(asPart));
    await keepInTeam(connection, changed);
  },
  news(before, after) {
    if (!isThere(after)) return { fields: [deletedField], taken: [deletedField] };
    const fields = remoteFields.filter((field) => !same(before, after, field));
    return fields.length === 0 ? null : { fields, taken: takenBy(before, after) };
  },
};

/** Keys that are ended for good: they stay in the list, with all that was recorded of them. */
export const revokeChange: Change = {
  ...apiKeysChange,
  actions: { ...apiKeysChange.actions, update: 'API_KEY_REVOKE' },
  fields: ['isActive', 'revokedAt'],
};

function divided<Item>(items: readonly Item[], isFirst: (item: Item) => boolean): [Item[], Item[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}

/** What ends or comes back with an owner is asked the same as what is switched by itself. */
const asPart = (changed: ChangedRecord) => ({
  ...changed,
  of: changed.id,
  kind: keyOfOwner,
  expected: null,
});

function same(before: Image, after: Image, field: string): boolean {
  return JSON.stringify(before[field] ?? null) === JSON.stringify(after[field] ?? null);
}

/** The fields by which a change takes access away. */
function takenBy(before: Image, after: Image): string[] {
  return [
    ...(before['isActive'] === true && after['isActive'] === false ? ['isActive'] : []),
    ...(before['revokedAt'] === null && after['revokedAt'] !== null ? ['revokedAt'] : []),
    ...(withdrawn(before, after).length > 0 ? ['models'] : []),
    ...(endsEarlier(before, after) ? ['expiresAt'] : []),
    ...limits.filter((limit) => isThere(before) && !same(before, after, limit) && isZero(after[limit])),
    // What the team allows is not in the key: it counts from then on, whatever it is.
    ...(isThere(before) &&
    isThere(after) &&
    typeof after['teamId'] === 'string' &&
    !same(before, after, 'teamId')
      ? ['teamId']
      : []),
  ];
}

const limits = ['maxBudget', 'tpmLimit', 'rpmLimit'] as const;

/** Whether a limit lets nothing through. */
const isZero = (limit: unknown): boolean =>
  typeof limit === 'string' && isDecimal(limit) && compareDecimals(limit, '0') === 0;

/** The names in a key's list; NULL where it may use every model. */
export function modelsOf(image: Image): readonly string[] | null {
  const models = image['models'];
  if (!Array.isArray(models)) return [];
  return models.some((name) => namesOfEveryModel.includes(name)) ? null : models;
}

/** What a key may use no more that it may use now. */
function withdrawn(before: Image, after: Image): readonly string[] {
  const [now, then] = [modelsOf(before), modelsOf(after)];
  if (then === null) return [];
  return now === null ? ['*'] : now.filter((model) => !then.includes(model));
}

function endsEarlier(before: Image, after: Image): boolean {
  const [now, then] = [before['expiresAt'] ?? null, after['expiresAt'] ?? null];
  if (typeof then !== 'string' || now === then) return false;
  return typeof now !== 'string' || Date.parse(then) < Date.parse(now);
}

const warning = (text: string): RecordFinding => ({ severity: 'warning', text });
const error = (text: string): RecordFinding => ({ severity: 'error', text });

function revokedFindings(before: Image, after: Image): RecordFinding[] {
  if (before['revokedAt'] !== null && after['revokedAt'] !== null) {
    if (!same(before, after, 'revokedAt')) return [error(say('changes.keys.revokedAlready'))];
    return after['isActive'] === true ? [error(say('changes.keys.staysRevoked'))] : [];
  }
  return after['revokedAt'] === null ? [] : [warning(say('changes.keys.revoked'))];
}

function expiryFindings(before: Image, after: Image): RecordFinding[] {
  const then = after['expiresAt'] ?? null;
  if (typeof then !== 'string') {
    return same(before, after, 'expiresAt') ? [] : [warning(say('changes.keys.neverEnds'))];
  }
  const isOver = Date.parse(then) <= Date.now();
  if (!same(before, after, 'expiresAt')) {
    if (isOver) return [warning(say('changes.keys.endedAlready'))];
    return [{ severity: 'info', text: say('changes.keys.ends', { at: spokenUtc(then) }) }];
  }
  const isSwitchedOn = before['isActive'] === false && after['isActive'] === true;
  return isSwitchedOn && isOver ? [warning(say('changes.keys.staysExpired'))] : [];
}

function modelFindings(before: Image, after: Image): RecordFinding[] {
  if (same(before, after, 'models')) return [];
  const [now, then] = [modelsOf(before), modelsOf(after)];
  // Only an undo comes to this: LiteLLM may have got to know the key since.
  if (then?.length === 0 && now?.length !== 0) return [error(say('changes.keys.noModels'))];
  if (then === null) return now === null ? [] : [warning(say('changes.teams.allModels'))];
  if (now === null) return [warning(say('changes.teams.noLongerAll'))];
  const gone = withdrawn(before, after);
  if (gone.length === 0) return [];
  const models = gone.slice(0, 20).join(', ');
  return [warning(say('changes.teams.modelsGone', { count: gone.length, models }))];
}
