import { useMemo, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiKeyRow } from '../../../shared/contract/api-keys';
import { BudgetBar } from '../records/budget-bar';
import { NameText } from '../ui/name-text';
import { AppLink, RecordLink, recordPath } from '../records/record-link';
import { UntoldText } from '../records/untold-notice';
import type { ServerGridColumn } from '../lists/server-grid';
import { ApiKeyStateChip, SyncStatusChip } from '../ui/status-chip';
import { TwoLines } from '../ui/two-lines';
import { useIsRoomy } from '../ui/use-is-roomy';
import { Instant } from '../ui/values';
import { KeyModels } from './key-models';
import { keyName, otherAlias } from './key-name';

/** Under a key's name: its prefix, where that is not its name already, and its other alias. */
function AlsoKnownAs({ apiKey }: { readonly apiKey: ApiKeyRow }): ReactElement | null {
  const prefix = keyName(apiKey) === apiKey.prefix ? [] : [apiKey.prefix];
  const texts = [...prefix, ...otherAlias(apiKey)];
  return texts.length === 0 ? null : <NameText>{texts.join(' · ')}</NameText>;
}

/** How a list shows API keys: by name and prefix, never by value. */
export function useApiKeyColumns(): readonly ServerGridColumn<ApiKeyRow>[] {
  const { t } = useTranslation();
  const isRoomy = useIsRoomy();
  return useMemo(
    () => [
      {
        field: 'name',
        header: t('apiKeys.column.name'),
        flex: 1.3,
        minWidth: 140,
        render: (key) => (
          <TwoLines
            first={<AppLink to={recordPath('api-keys', key.id)}>{keyName(key)}</AppLink>}
            second={<AlsoKnownAs apiKey={key} />}
          />
        ),
      },
      {
        field: 'prefix',
        header: t('apiKeys.column.prefix'),
        width: 118,
        initiallyHidden: true,
        render: ({ prefix }) => <code>{prefix}</code>,
      },
      {
        field: 'user',
        header: t('records.user'),
        flex: 1,
        minWidth: 112,
        render: ({ user }) => <RecordLink area="users" reference={user} />,
      },
      {
        field: 'team',
        header: t('records.team'),
        flex: 1,
        minWidth: 100,
        render: ({ team }) => <RecordLink area="teams" reference={team} />,
      },
      {
        field: 'state',
        header: t('records.state'),
        width: 124,
        render: ({ state, untold }) => (
          <TwoLines
            first={<ApiKeyStateChip state={state} />}
            second={untold === 'none' ? null : <UntoldText untold={untold} />}
          />
        ),
      },
      {
        field: 'models',
        header: t('records.models'),
        flex: 1.6,
        minWidth: 145,
        render: (key) => <KeyModels apiKey={key} />,
      },
      {
        field: 'currentSpend',
        header: t('apiKeys.column.spend'),
        width: 156,
        render: ({ currentSpend, maxBudget }) => <BudgetBar spend={currentSpend} budget={maxBudget} dense />,
      },
      {
        field: 'expiresAt',
        header: t('records.expires'),
        width: 116,
        render: ({ expiresAt }) => (
          <Instant value={expiresAt} show="relative" whenNull={t('records.never')} />
        ),
      },
      {
        field: 'lastUsedAt',
        header: t('apiKeys.column.lastUsed'),
        width: 122,
        render: ({ lastUsedAt }) => (
          <Instant value={lastUsedAt} show="relative" whenNull={t('records.never')} />
        ),
      },
      {
        field: 'syncStatus',
        header: t('records.sync'),
        width: 96,
        initiallyHidden: true,
        render: ({ syncStatus }) => <SyncStatusChip status={syncStatus} />,
      },
      {
        field: 'createdAt',
        header: t('records.created'),
        width: 116,
        initiallyHidden: !isRoomy,
        render: ({ createdAt }) => <Instant value={createdAt} show="date" />,
      },
    ],
    [t, isRoomy],
  );
}
