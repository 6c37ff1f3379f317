import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { UserRow } from '../../../shared/contract/users';
import { NameText } from '../ui/name-text';
import { AppLink, RecordLink, recordPath } from '../records/record-link';
import { UntoldText } from '../records/untold-notice';
import type { ServerGridColumn } from '../lists/server-grid';
import { ActiveChip, SyncStatusChip } from '../ui/status-chip';
import { TagRow } from '../ui/tag';
import { TwoLines } from '../ui/two-lines';
import { useIsRoomy } from '../ui/use-is-roomy';
import { Count, Instant, Money, NotRecorded } from '../ui/values';
import { EmailText } from './email-text';
import { RoleTags } from './role-tags';

/** How a list shows users. */
export function useUserColumns(): readonly ServerGridColumn<UserRow>[] {
  const { t } = useTranslation();
  const isRoomy = useIsRoomy();
  return useMemo(
    () => [
      {
        field: 'username',
        header: t('users.column.name'),
        flex: 1.3,
        minWidth: 132,
        render: ({ id, username, fullName }) => (
          <TwoLines
            first={<AppLink to={recordPath('users', id)}>{username}</AppLink>}
            second={fullName === null ? null : <NameText>{fullName}</NameText>}
          />
        ),
      },
      {
        field: 'email',
        header: t('records.email'),
        flex: 1.3,
        minWidth: 132,
        render: ({ email }) => <EmailText email={email} />,
      },
      {
        field: 'fullName',
        header: t('users.column.fullName'),
        flex: 1,
        minWidth: 150,
        initiallyHidden: true,
        render: ({ fullName }) => (fullName === null ? <NotRecorded /> : <NameText>{fullName}</NameText>),
      },
      {
        field: 'roles',
        header: t('users.column.roles'),
        width: 124,
        render: ({ roles }) => <RoleTags roles={roles} show={1} />,
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
        field: 'teams',
        header: t('records.teams'),
        flex: 1,
        minWidth: 112,
        render: ({ teams, teamCount }) => <TeamCell teams={teams} teamCount={teamCount} />,
      },
      {
        field: 'subscriptionCount',
        header: t('users.column.subscriptions'),
        width: 114,
        align: 'right',
        initiallyHidden: !isRoomy,
        render: ({ subscriptionCount }) => <Count value={subscriptionCount} />,
      },
      {
        field: 'apiKeyCount',
        header: t('users.column.apiKeys'),
        width: 60,
        align: 'right',
        render: ({ apiKeyCount }) => <Count value={apiKeyCount} />,
      },
      {
        field: 'maxBudget',
        header: t('records.maxBudget'),
        width: 112,
        align: 'right',
        render: ({ maxBudget }) => <Money value={maxBudget} whenNull={t('common.unlimited')} />,
      },
      {
        field: 'lastLoginAt',
        header: t('users.column.lastLogin'),
        width: 112,
        render: ({ lastLoginAt }) => (
          <Instant value={lastLoginAt} show="relative" whenNull={t('records.never')} />
        ),
      },
      {
        field: 'syncStatus',
        header: t('records.sync'),
        width: 96,
        initiallyHidden: !isRoomy,
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

function TeamCell({ teams, teamCount }: Pick<UserRow, 'teams' | 'teamCount'>) {
  const [only] = teams;
  if (only === undefined) return <NotRecorded />;
  if (teamCount === 1) return <RecordLink area="teams" reference={only} />;
  return <TagRow labels={teams.map(({ label }) => label)} total={teamCount} show={1} />;
}
