import type { ChangeFinding, ChangeValue } from '../../shared/contract/changes';
import { defaultTeamId } from '../../shared/default-team';
import { keyOfOwner } from '../api-keys/api-keys-record';
import { keysOfOwners } from '../api-keys/keys-of-owners';
import { keepLostKeysOff, lostKeyFindings, staysOffFindings } from '../api-keys/taken-keys';
import type { Change, ChangedRecord, RecordFinding } from '../changes/change';
import { limitFindings, nameFindings } from '../changes/field-findings';
import { deletedField } from '../changes/outbox';
import { type Image, isThere } from '../changes/record-table';
import { say } from '../kernel/say';
import { teamsAttachedFindings } from './attached-findings';
import { keepNamesApart, takenNames } from './team-names';
import { overBudgetFindings } from './team-spend-findings';
import { membershipOfUser } from './team-members-record';
import { teamsRecord } from './teams-record';
import { teamUsageFindings } from './team-usage-findings';
import { teamDeletion } from './team-deletion';

/** Fields that LiteLLM holds too. */
const remoteFields = [
  'name',
  'alias',
  'maxBudget',
  'budgetDuration',
  'tpmLimit',
  'rpmLimit',
  'allowedModels',
  'isActive',
] as const;
/** By which LiteLLM's lists name every model. */
const everyModel = 'all-proxy-models';

/** Teams: made, changed (names, budget, limits, models, active or not), and deleted. */
export const teamsChange: Change = {
  actions: { create: 'TEAM_CREATE', update: 'TEAM_UPDATE', delete: 'TEAM_DELETE' },
  partKinds: [keyOfOwner, membershipOfUser],
  record: teamsRecord,
  sliceSize: 500,
  grade(before, after) {
    if (!isThere(after)) return 'destroys';
    const isSwitched = isThere(before) && before['isActive'] !== after['isActive'];
    return isSwitched || (isThere(before) && withdrawn(before, after)) ? 'reaches_people' : 'reversible';
  },
  rules: (before, after, id) => [
    ...defaultTeamFindings(before, after, id),
    ...(isThere(after)
      ? [
          ...limitFindings(before, after, say('changes.teams.budgetOfZero')),
          ...modelFindings(before, after),
          ...nameFindings(before, after, ['name', 'alias']),
        ]
      : []),
  ],
  rulesOfEach: teamsAttachedFindings,
  rulesOfAll: async (connection, changed) => [
    ...ownNameFindings(changed),
    ...(await takenNames(connection, changed)),
    ...(await overBudgetFindings(connection, changed)),
    ...(await teamUsageFindings(connection, changed)),
    ...(await staysOffFindings(connection, 'team', changed)),
  ],
  rulesOfParts: lostKeyFindings,
  async hold(connection, changed, parts) {
    await keepNamesApart(connection, changed);
    await keepLostKeysOff(connection, changed, parts);
  },
  parts: keysOfOwners('team', keyOfOwner),
  deletion: teamDeletion,
  news(before, after) {
    if (!isThere(after)) return { fields: [deletedField], taken: [deletedField] };
    const fields = remoteFields.filter((field) => !same(before[field] ?? null, after[field] ?? null));
    if (fields.length === 0) return null;
    const taken = [
      ...(before['isActive'] === true && after['isActive'] === false ? ['isActive'] : []),
      ...(isThere(before) && withdrawn(before, after) ? ['allowedModels'] : []),
    ];
    return { fields, taken };
  },
};

function same(a: ChangeValue | undefined, b: ChangeValue | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The models that a team's list names; NULL where it may use all of them. */
function modelsOf(image: Image): readonly string[] | null {
  const models = image['allowedModels'];
  if (!Array.isArray(models)) return null;
  return models.length === 0 || models.includes(everyModel) ? null : models;
}

/** Whether a team may use some model no more that it may use now. */
function withdrawn(before: Image, after: Image): boolean {
  const then = modelsOf(after);
  if (then === null) return false;
  const now = modelsOf(before);
  return now === null || now.some((model) => !then.includes(model));
}

const warning = (text: string): RecordFinding => ({ severity: 'warning', text });

/** LiteMaaS expects its Default Team, and everybody in it, to be there: it is neither deleted nor switched off. */
function defaultTeamFindings(before: Image, after: Image, id: string): RecordFinding[] {
  if (id.toLowerCase() !== defaultTeamId || !isThere(before)) return [];
  if (!isThere(after)) return [{ severity: 'error', text: say('changes.teams.defaultStays') }];
  if (before['isActive'] === true && after['isActive'] === false) {
    return [{ severity: 'error', text: say('changes.teams.defaultStaysActive') }];
  }
  return [warning(say('changes.teams.defaultIsReset'))];
}

function modelFindings(before: Image, after: Image): RecordFinding[] {
  if (same(before['allowedModels'], after['allowedModels'])) return [];
  const then = modelsOf(after);
  if (then === null) {
    const isNews = !isThere(before) || modelsOf(before) !== null;
    return isNews ? [warning(say('changes.teams.allModels'))] : [];
  }
  const now = isThere(before) ? modelsOf(before) : then;
  if (now === null) return [warning(say('changes.teams.noLongerAll'))];
  const gone = now.filter((model) => !then.includes(model));
  return gone.length === 0
    ? []
    : [
        warning(
          say('changes.teams.modelsGone', { count: gone.length, models: gone.slice(0, 20).join(', ') }),
        ),
      ];
}

/** Several teams cannot get one name. */
function ownNameFindings(changed: readonly ChangedRecord[]): ChangeFinding[] {
  const renamed = changed.filter(({ set }) => typeof set['name'] === 'string');
  if (new Set(renamed.map(({ set }) => set['name'])).size === renamed.length) return [];
  const examples = renamed.slice(0, 20).map(({ id, label }) => ({ id, label }));
  return [{ severity: 'error', text: say('changes.teams.ownName'), count: renamed.length, examples }];
}
