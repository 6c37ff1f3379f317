import { Box, Stack, Typography } from '@mui/material';
import { useId, useMemo, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { TeamMemberRow } from '../../../shared/contract/teams';
import { teamMemberDefinition } from '../../../shared/records/teams';
import type { Reference } from '../../../shared/contract/values';
import { useCanWrite } from '../api/app-state';
import { useProcedureQuery } from '../api/use-procedure';
import { ActionButton } from '../forms/action-button';
import { listUrl } from '../lists/list-url';
import { NameText } from '../ui/name-text';
import { memberRoleLabel } from '../records/role-label';
import { RecordLink, recordPath } from '../records/record-link';
import { useMemberRowActions } from './member-actions';
import { AddMembers } from './member-panels';
import { ServerGrid, type ServerGridColumn } from '../lists/server-grid';
import { ActiveChip } from '../ui/status-chip';
import { useCsvExport } from '../lists/use-csv-export';
import { useListState } from '../lists/use-list-state';
import { Count, Instant, Money, NotRecorded } from '../ui/values';
import { EmailText } from '../users/email-text';

const memberList = { ...listUrl(teamMemberDefinition), prefix: 'members.', pageSize: 10 };

/** Who belongs to a team; teams may have thousands of members. */
export function MembersSection({ team }: { readonly team: Reference }): ReactElement {
  const { id: teamId } = team;
  const { t } = useTranslation();
  const id = useId();
  const list = useListState(memberList);
  const input = { ...list.input, filters: { teamId } };
  const query = useProcedureQuery('teams', 'members', input, { keepPrevious: true });
  const csv = useCsvExport('teams', 'exportMembersCsv');
  const canWrite = useCanWrite();
  const [isAdding, setIsAdding] = useState(false);
  const row = useMemberRowActions();
  return (
    <Box component="section" aria-labelledby={id}>
      <Stack direction="row" sx={{ mb: 1, gap: 1, alignItems: 'center', justifyContent: 'space-between' }}>
        <Typography variant="h2" id={id}>
          {t('records.members')}
        </Typography>
        <ActionButton
          variant="outlined"
          obstacle={canWrite ? undefined : t('teams.edit.readOnly')}
          onClick={() => setIsAdding(true)}
        >
          {t('teams.members.add')}
        </ActionButton>
      </Stack>
      <ServerGrid
        name="team-members"
        label={t('records.members')}
        list={list}
        query={query}
        columns={useMemberColumns()}
        rowId={({ user }) => user.id}
        rowName={({ user }) => user.label}
        rowActions={row.actions}
        rowPath={({ user }) => recordPath('users', user.id)}
        searchLabel={t('teams.page.membersSearch')}
        onExport={() => csv.run(input)}
        isExporting={csv.busy}
        onCancelExport={csv.cancel}
        empty={{ title: t('teams.page.noMembers') }}
      />
      <AddMembers team={team} open={isAdding} onClose={() => setIsAdding(false)} />
      {row.panels}
    </Box>
  );
}

function useMemberColumns(): readonly ServerGridColumn<TeamMemberRow>[] {
  const { t } = useTranslation();
  return useMemo(
    () => [
      {
        field: 'username',
        header: t('users.column.name'),
        flex: 1,
        minWidth: 160,
        render: ({ user }) => <RecordLink area="users" reference={user} />,
      },
      {
        field: 'email',
        header: t('records.email'),
        flex: 1.3,
        minWidth: 180,
        render: ({ email }) => <EmailText email={email} />,
      },
      {
        field: 'role',
        header: t('teams.page.memberRole'),
        width: 140,
        render: ({ role }) =>
          role === null ? <NotRecorded /> : <NameText>{memberRoleLabel(t, role)}</NameText>,
      },
      {
        field: 'state',
        header: t('records.state'),
        width: 100,
        render: ({ isActive }) => <ActiveChip active={isActive} />,
      },
      {
        field: 'apiKeyCount',
        header: t('teams.page.memberKeys'),
        width: 72,
        align: 'right',
        render: ({ apiKeyCount }) => <Count value={apiKeyCount} />,
      },
      {
        field: 'spentThisMonth',
        header: t('teams.page.memberSpend'),
        width: 142,
        align: 'right',
        render: ({ spentThisMonth }) => <Money value={spentThisMonth ?? '0'} />,
      },
      {
        field: 'joinedAt',
        header: t('teams.page.memberSince'),
        width: 140,
        render: ({ joinedAt }) => <Instant value={joinedAt} show="date" />,
      },
    ],
    [t],
  );
}
