import { Box, Stack, Typography } from '@mui/material';
import { useId, useMemo, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { JoiningMember, MembershipRow } from '../../../shared/contract/teams';
import type { Reference } from '../../../shared/contract/values';
import { membershipDefinition } from '../../../shared/records/teams';
import { useCanWrite } from '../api/app-state';
import { useProcedureQuery } from '../api/use-procedure';
import { ActionButton } from '../forms/action-button';
import { EditPanel, type PanelHandle } from '../forms/edit-panel';
import { PanelForm } from '../forms/panel-form';
import { listUrl } from '../lists/list-url';
import { OptionsFilter } from '../lists/options-filter';
import { ServerGrid, type ServerGridColumn } from '../lists/server-grid';
import { useListState } from '../lists/use-list-state';
import { RecordLink, recordPath } from '../records/record-link';
import { memberRoleLabel } from '../records/role-label';
import { showReview } from '../review/review-store';
import { NameText } from '../ui/name-text';
import { ActiveChip } from '../ui/status-chip';
import { Count, Instant, NotRecorded } from '../ui/values';
import { useMemberRowActions } from './member-actions';
import { MemberRoleField } from './member-role-field';

const membershipList = { ...listUrl(membershipDefinition), prefix: 'teams.', pageSize: 10 };

/** The teams that a person is a member of: another role, a move, the end of it, and one more. */
export function MembershipsSection({ user }: { readonly user: Reference }): ReactElement {
  const { t } = useTranslation();
  const id = useId();
  const list = useListState(membershipList);
  const input = { ...list.input, filters: { userId: user.id } };
  const query = useProcedureQuery('teams', 'memberships', input, { keepPrevious: true });
  const canWrite = useCanWrite();
  const [isAdding, setIsAdding] = useState(false);
  const row = useMemberRowActions();
  return (
    <Box component="section" aria-labelledby={id}>
      <Stack direction="row" sx={{ mb: 1, gap: 1, alignItems: 'center', justifyContent: 'space-between' }}>
        <Typography variant="h2" id={id}>
          {t('records.teams')}
        </Typography>
        <ActionButton
          variant="outlined"
          obstacle={canWrite ? undefined : t('teams.edit.readOnly')}
          onClick={() => setIsAdding(true)}
        >
          {t('teams.memberships.add')}
        </ActionButton>
      </Stack>
      <ServerGrid
        name="memberships"
        label={t('records.teams')}
        list={list}
        query={query}
        columns={useMembershipColumns()}
        rowId={({ team }) => team.id}
        rowName={({ team }) => team.label}
        rowActions={row.actions}
        rowPath={({ team }) => recordPath('teams', team.id)}
        searchLabel={t('teams.memberships.search')}
        empty={{ title: t('users.page.noTeams') }}
      />
      <EditPanel
        title={t('teams.memberships.addTitle', { name: user.label })}
        open={isAdding}
        onClose={() => setIsAdding(false)}
      >
        {(panel) => <JoinForm user={user} {...panel} />}
      </EditPanel>
      {row.panels}
    </Box>
  );
}

function JoinForm(props: PanelHandle & { readonly user: Reference }): ReactElement {
  const { user, setDirty, cancel, close } = props;
  const { t } = useTranslation();
  const [teamId, setTeamId] = useState<string>();
  const [role, setRole] = useState<JoiningMember['role']>('member');
  const review = (): void => {
    if (teamId === undefined) return;
    showReview({
      verb: 'addMembers',
      request: {
        area: 'teams',
        procedure: 'previewAddMembers',
        input: { teamId, members: [{ userId: user.id, role }] },
      },
      title: t('teams.memberships.addTitle', { name: user.label }),
      onDone: close,
    });
  };
  return (
    <PanelForm
      submitLabel={t(teamId === undefined ? 'teams.memberships.noTeam' : 'teams.memberships.review')}
      maySubmit={teamId !== undefined}
      onSubmit={review}
      onCancel={cancel}
    >
      <Stack sx={{ px: 1.5, gap: 2.5 }}>
        <OptionsFilter
          area="teams"
          label={t('records.team')}
          whenNone={t('common.none')}
          value={teamId}
          onChange={(id) => {
            setTeamId(id);
            setDirty(id !== undefined);
          }}
        />
        <MemberRoleField role={role} onChange={setRole} />
      </Stack>
    </PanelForm>
  );
}

function useMembershipColumns(): readonly ServerGridColumn<MembershipRow>[] {
  const { t } = useTranslation();
  return useMemo(
    () => [
      {
        field: 'team',
        header: t('records.team'),
        flex: 1,
        minWidth: 180,
        render: ({ team }) => <RecordLink area="teams" reference={team} />,
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
        header: t('teams.memberships.teamState'),
        width: 120,
        render: ({ teamIsActive }) => <ActiveChip active={teamIsActive} />,
      },
      {
        field: 'apiKeyCount',
        header: t('teams.page.memberKeys'),
        width: 72,
        align: 'right',
        render: ({ apiKeyCount }) => <Count value={apiKeyCount} />,
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
