import type { TFunction } from 'i18next';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChangeValue } from '../../../shared/contract/changes';
import { isDecimal, shiftDecimal } from '../../../shared/decimal';
import { isMissingEmail } from '../../../shared/missing-email';
import { isUnknownSignIn } from '../../../shared/unknown-sign-in';
import { namesOfEveryModel } from '../../../shared/records/api-keys';
import { subscriptionStatuses } from '../../../shared/records/subscriptions';
import { useProcedureQuery } from '../api/use-procedure';
import { budgetPeriodLabel } from '../records/budget-period';
import { LimitValue } from '../records/limit-value';
import { areAllModels } from '../records/all-models';
import { memberRoleLabel, roleLabel } from '../records/role-label';
import { formatInstant, formatMoneyExact } from '../ui/format';
import { Instant } from '../ui/values';
import { visibleName } from '../ui/visible-name';

const fieldNames = {
  username: 'users.edit.username',
  email: 'users.edit.email',
  fullName: 'users.edit.fullName',
  roles: 'users.edit.roles',
  maxBudget: 'edit.field.maxBudget',
  tpmLimit: 'edit.field.tpmLimit',
  rpmLimit: 'edit.field.rpmLimit',
  quotaRequests: 'subscriptions.field.quotaRequests',
  quotaTokens: 'subscriptions.field.quotaTokens',
  status: 'records.status',
  resetAt: 'subscriptions.page.resets',
  periodStartedAt: 'subscriptions.page.periodSince',
  usedRequests: 'subscriptions.field.usedRequests',
  usedTokens: 'subscriptions.field.usedTokens',
  currentSpend: 'subscriptions.field.currentSpend',
  userId: 'records.user',
  isActive: 'records.state',
  createdAt: 'records.created',
  oauthProvider: 'users.page.provider',
  oauthId: 'users.page.providerId',
  timeZone: 'settings.zone.title',
  name: 'edit.field.name',
  alias: 'teams.page.alias',
  description: 'records.descriptionLabel',
  budgetDuration: 'records.budgetPeriod',
  allowedModels: 'edit.models.label',
  role: 'teams.page.memberRole',
  joinedAt: 'teams.page.memberSince',
  litellmKeyAlias: 'apiKeys.page.alias',
  expiresAt: 'records.expires',
  revokedAt: 'apiKeys.page.revoked',
  teamId: 'records.team',
  models: 'edit.models.label',
  provider: 'models.edit.provider',
  capabilities: 'models.edit.capabilities',
  contextLength: 'models.edit.contextLength',
  maxTokens: 'models.edit.maxTokens',
  supportsFunctionCalling: 'models.edit.functionCalling',
  supportsVision: 'models.edit.vision',
  inputPricePer1k: 'models.column.inputPrice',
  outputPricePer1k: 'models.column.outputPrice',
  inputPricePerToken: 'models.column.inputPrice',
  outputPricePerToken: 'models.column.outputPrice',
  validFrom: 'models.page.validFrom',
  modelId: 'models.one',
} as const;

/** A field's name in words; one that has none is shown as the contract calls it. */
export function fieldName(t: TFunction, field: string): string {
  const known = Object.entries(fieldNames).find(([name]) => name === field)?.[1];
  return known === undefined ? field : t(known);
}

/** A value of a field as people read it: limits without one are unlimited, anything else without one is none. */
export function FieldValue({
  field,
  value,
}: {
  readonly field: string;
  readonly value: ChangeValue;
}): ReactElement {
  return <>{useFieldValue(field, shownValue(field, value))}</>;
}

/** A value as screens have it: the placeholder of a missing address is none. */
export function shownValue(field: string, value: ChangeValue): ChangeValue {
  return field === 'email' && typeof value === 'string' && isMissingEmail(value) ? null : value;
}

const instantFields = ['createdAt', 'joinedAt', 'expiresAt', 'revokedAt', 'resetAt', 'periodStartedAt'];

/** What nobody said is not known, and not none. */
const unknownFields = ['contextLength', 'maxTokens'];

/** Prices, and how far they are from a million tokens, as people compare them. */
const priceFields: Readonly<Record<string, number>> = {
  inputPricePer1k: 3,
  outputPricePer1k: 3,
  inputPricePerToken: 6,
  outputPricePerToken: 6,
};

/** Whether a list of models means all of them. No model at all is what a team's empty list never means. */
export function isEveryModel(field: string, value: ChangeValue): boolean {
  if (!Array.isArray(value)) return false;
  if (field === 'models') return value.some((name) => namesOfEveryModel.includes(name));
  return field === 'allowedModels' && areAllModels(value);
}

/** A team by its name, where it is still there. */
function TeamName({ id }: { readonly id: string }): ReactElement {
  const found = useProcedureQuery('teams', 'options', { search: '', ids: [id] });
  const label = found.data?.options.find((option) => option.id === id)?.label;
  return <bdi>{label === undefined ? id : visibleName(label)}</bdi>;
}

/** PostgreSQL's own spelling of an instant in UTC as the screens know instants. */
function asInstant(text: string): string {
  return text.replace(' ', 'T').replace(/[+]00$/, 'Z');
}

const moneyFields = ['maxBudget', 'currentSpend'];
const countedLimits = ['quotaRequests', 'quotaTokens', 'tpmLimit', 'rpmLimit', 'usedRequests', 'usedTokens'];

function useFieldValue(field: string, value: ChangeValue): ReactNode {
  const { t } = useTranslation();
  if (moneyFields.includes(field) && !Array.isArray(value) && typeof value !== 'boolean') {
    return <LimitValue value={value} unit="money" />;
  }
  if (countedLimits.includes(field) && !Array.isArray(value) && typeof value !== 'boolean') {
    return <LimitValue value={value} />;
  }
  const status = field === 'status' && subscriptionStatuses.find((known) => known === value);
  if (status) return t(`common.status.${status}`);
  if (field === 'isActive') return t(value === true ? 'review.active' : 'review.inactive');
  if (field === 'oauthId' && typeof value === 'string' && isUnknownSignIn(value)) {
    return t('users.page.providerIdUnknown', { value });
  }
  if (isEveryModel(field, value)) return t('records.allModels');
  if (field === 'budgetDuration' && typeof value === 'string') return budgetPeriodLabel(t, value);
  if (field === 'role' && typeof value === 'string') return memberRoleLabel(t, value);
  if (field === 'expiresAt' && value === null) return t('records.never');
  if (field === 'teamId' && typeof value === 'string') return <TeamName id={value} />;
  if (instantFields.includes(field) && typeof value === 'string') return formatInstant(asInstant(value));
  const places = priceFields[field];
  if (places !== undefined && value === null) return t('models.price.unknown');
  if (places !== undefined && typeof value === 'string' && isDecimal(value)) {
    return t('models.price.perMillion', { price: formatMoneyExact(shiftDecimal(value, places)) });
  }
  if (field === 'validFrom' && typeof value === 'string') return <Instant value={asInstant(value)} />;
  if (unknownFields.includes(field) && value === null) return t('models.edit.notKnown');
  if (value === null || value === '' || (Array.isArray(value) && value.length === 0)) return t('common.none');
  if (typeof value === 'boolean') return t(value ? 'common.yes' : 'common.no');
  if (Array.isArray(value))
    return <bdi>{value.map((role) => (field === 'roles' ? roleLabel(t, role) : role)).join(', ')}</bdi>;
  return <bdi>{value}</bdi>;
}
