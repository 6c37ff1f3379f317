import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { apiKeyChanges, type ApiKeyRow } from '../../../shared/contract/api-keys';
import type { ChangeValue } from '../../../shared/contract/changes';
import type { Reference } from '../../../shared/contract/values';
import { everyModelOfProxy } from '../../../shared/records/api-keys';
import { OptionsFilter } from '../lists/options-filter';
import { ModelsList } from '../records/models-field';
import { PeriodField } from '../records/period-field';
import { BulkEditPanel, bulkLimit, bulkState, bulkValue } from '../review/bulk-edit';
import { fieldName } from '../review/field-values';
import { formatCount } from '../ui/format';
import { ExpiryDay } from '../records/expiry-field';
import { type ApiKeyTargets, reviewApiKeys } from './review-api-keys';

/** Which keys a panel is about, as they were when it was opened. */
export interface BulkApiKeys {
  readonly targets: ApiKeyTargets;
  readonly count: number;
  /** Those that were seen; none where a filter finds them. */
  readonly rows: ReadonlyMap<string, ApiKeyRow>;
}

interface BulkEditApiKeysProps {
  /** NULL: closed. */
  readonly apiKeys: BulkApiKeys | null;
  readonly onClose: () => void;
  /** They were changed, or some of them. */
  readonly onDone: () => void;
}

const limits = ['maxBudget', 'tpmLimit', 'rpmLimit'] as const;

/** The panel in which several keys are given the same budget, limits, end, team, models or state. */
export function BulkEditApiKeys({ apiKeys, onClose, onDone }: BulkEditApiKeysProps): ReactElement {
  const { t } = useTranslation();
  const counted = ({ count }: BulkApiKeys) => ({ count, formatted: formatCount(count) });
  return (
    <BulkEditPanel
      of={apiKeys}
      title={(of) => t('apiKeys.bulk.title', counted(of))}
      help={({ targets }) => t('filter' in targets ? 'apiKeys.bulk.helpFilter' : 'edit.bulk.help')}
      schema={apiKeyChanges}
      fields={[
        ...limits.map((name) =>
          bulkLimit<ApiKeyRow>({ name, label: fieldName(t, name), seen: (row) => row[name] }),
        ),
        bulkValue<ApiKeyRow, string>({
          name: 'budgetDuration',
          label: fieldName(t, 'budgetDuration'),
          seen: (row) => row.budgetDuration,
          first: 'monthly',
          input: (props) => <PeriodField {...props} />,
        }),
        bulkValue<ApiKeyRow, string>({
          name: 'expiresAt',
          label: fieldName(t, 'expiresAt'),
          besides: ['never'],
          seen: (row) => row.expiresAt,
          first: '',
          input: (props) => <ExpiryDay {...props} />,
        }),
        bulkValue<ApiKeyRow, string | undefined>({
          name: 'teamId',
          label: fieldName(t, 'teamId'),
          besides: ['none'],
          seen: (row) => row.team?.label ?? null,
          first: undefined,
          input: ({ label, value, onChange }) => (
            <OptionsFilter
              area="teams"
              label={label}
              whenNone={t('common.none')}
              value={value}
              onChange={onChange}
            />
          ),
        }),
        bulkValue<ApiKeyRow, readonly Reference[]>({
          name: 'models',
          label: fieldName(t, 'models'),
          besides: ['all'],
          seen: seenModels,
          first: [],
          input: (props) => <ModelsList {...props} />,
          toWanted: (models) => models.map(({ id }) => id),
        }),
        bulkState<ApiKeyRow>(t('records.state')),
      ]}
      onReview={(of, changes, done) =>
        reviewApiKeys({
          ...{ targets: of.targets, changes, rows: of.rows, onDone: done },
          title: t('apiKeys.bulk.reviewTitle', counted(of)),
        })
      }
      onClose={onClose}
      onDone={onDone}
    />
  );
}

/** Of models a row has the first few, which say nothing where there are more. */
function seenModels({ allModels, models, modelCount, otherModels }: ApiKeyRow): ChangeValue {
  if (allModels) return [everyModelOfProxy];
  const names = [...models.map(({ label }) => label), ...otherModels];
  return modelCount > models.length ? [...names, '…'] : names;
}
