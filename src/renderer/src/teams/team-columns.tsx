import { useMemo, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { TeamRow } from '../../../shared/contract/teams';
import { BudgetBar } from '../records/budget-bar';
import { NameText } from '../ui/name-text';
import { AppLink, recordPath } from '../records/record-link';
import { UntoldText } from '../records/untold-notice';
import type { ServerGridColumn } from '../lists/server-grid';
import { ActiveChip, StatusChip, SyncStatusChip } from '../ui/status-chip';
import { TagRow } from '../ui/tag';
import { TwoLines } from '../ui/two-lines';
import { Count, Instant, Money, NotRecorded } from '../ui/values';

/** How a list shows teams. */
export function useTeamColumns(): readonly ServerGridColumn<TeamRow>[] {
  const { t } = useTranslation();
  return useMemo(
    () => [
      {
        field: 'name',
        header: t('teams.column.name'),
        flex: 1.4,
        minWidth: 180,
        render: ({ id, name, description }) => (
          <TwoLines
            first={<AppLink to={recordPath('teams', id)}>{name}</AppLink>}
            second={description === null || description === '' ? null : <NameText>{description}</NameText>}
          />
        ),
      },
      {
        field: 'alias',
        header: t('teams.page.alias'),
        flex: 1,
        minWidth: 110,
        initiallyHidden: true,
        render: ({ alias }) => (alias === null ? <NotRecorded /> : <NameText>{alias}</NameText>),
      },
      {
        field: 'state',
        header: t('records.state'),
        width: 124,
        render: ({ isActive, untold }) => (
          <TwoLines
            first={<ActiveChip active={isActive} />}
            second={untold === 'none' ? null : <UntoldText untold={untold} />}
          />
        ),
      },
      {
        field: 'memberCount',
        header: t('teams.column.members'),
        width: 104,
        align: 'right',
        render: ({ memberCount }) => <Count value={memberCount} />,
      },
      {
        field: 'subscriptionCount',
        header: t('teams.column.subscriptions'),
        width: 114,
        align: 'right',
        render: ({ subscriptionCount }) => <Count value={subscriptionCount} />,
      },
      {
        field: 'apiKeyCount',
        header: t('teams.column.apiKeys'),
        width: 68,
        align: 'right',
        render: ({ apiKeyCount }) => <Count value={apiKeyCount} />,
      },
      {
        field: 'currentSpend',
        header: t('teams.column.budget'),
        width: 182,
        render: ({ currentSpend, maxBudget }) => <BudgetBar spend={currentSpend} budget={maxBudget} dense />,
      },
      {
        field: 'maxBudget',
        header: t('records.maxBudget'),
        width: 132,
        align: 'right',
        initiallyHidden: true,
        render: ({ maxBudget }) => <Money value={maxBudget} whenNull={t('common.unlimited')} />,
      },
      {
        field: 'allowedModels',
        header: t('teams.column.models'),
        flex: 1.2,
        minWidth: 170,
        render: (team) => <AllowedModels team={team} />,
      },
      {
        field: 'syncStatus',
        header: t('records.sync'),
        width: 96,
        render: ({ syncStatus }) => <SyncStatusChip status={syncStatus} />,
      },
      {
        field: 'createdAt',
        header: t('records.created'),
        width: 116,
        initiallyHidden: true,
        render: ({ createdAt }) => <Instant value={createdAt} show="date" />,
      },
    ],
    [t],
  );
}

function AllowedModels({
  team: { allModels, allowedModels, allowedModelCount },
}: {
  readonly team: TeamRow;
}): ReactElement {
  const { t } = useTranslation();
  return allModels ? (
    <StatusChip tone="info" label={t('records.allModels')} />
  ) : (
    <TagRow labels={allowedModels} total={allowedModelCount} show={1} />
  );
}
