import { Alert, Checkbox, FormControlLabel, Stack, Typography } from '@mui/material';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { TeamMemberRow } from '../../../shared/contract/teams';
import type { Reference } from '../../../shared/contract/values';
import { useProcedureQuery } from '../api/use-procedure';
import { EditPanel, type PanelHandle } from '../forms/edit-panel';
import { PanelForm } from '../forms/panel-form';
import { OptionsFilter } from '../lists/options-filter';
import { showReview } from '../review/review-store';
import { formatCount } from '../ui/format';
import { ErrorState, LoadingLines } from '../ui/states';
import { isSomebody } from '../records/people-field';
import { JoiningPeopleField, nobodyJoins, useJoiningPeople } from './joining-people';

interface TeamPanelProps {
  readonly team: Reference;
  readonly open: boolean;
  readonly onClose: () => void;
}

/** The panel in which people are added to a team. */
export function AddMembers({ team, open, onClose }: TeamPanelProps): ReactElement {
  const { t } = useTranslation();
  return (
    <EditPanel title={t('teams.members.addTo', { team: team.label })} open={open} onClose={onClose}>
      {(panel) => <AddForm team={team} {...panel} />}
    </EditPanel>
  );
}

function AddForm({
  team,
  setDirty,
  cancel,
  close,
}: PanelHandle & { readonly team: Reference }): ReactElement {
  const { t } = useTranslation();
  const [people, setPeople] = useState(nobodyJoins);
  const picked = useJoiningPeople(people);
  const count = picked.members.length;
  const maySubmit = picked.isSettled && !picked.isCut && count > 0;
  const review = (): void => {
    if (!maySubmit) return;
    showReview({
      verb: 'addMembers',
      request: {
        area: 'teams',
        procedure: 'previewAddMembers',
        input: { teamId: team.id, members: [...picked.members] },
      },
      title: t('teams.members.addTo', { team: team.label }),
      onDone: close,
    });
  };
  return (
    <PanelForm
      submitLabel={
        maySubmit
          ? t('teams.members.review', { count, formatted: formatCount(count) })
          : t('teams.members.nobody')
      }
      maySubmit={maySubmit}
      onSubmit={review}
      onCancel={cancel}
    >
      <Stack sx={{ px: 1.5 }}>
        <JoiningPeopleField
          people={people}
          picked={picked}
          onChange={(next) => {
            setPeople(next);
            setDirty(isSomebody(next));
          }}
        />
      </Stack>
    </PanelForm>
  );
}

/** A membership, as its panels know it. */
export type Member = Pick<TeamMemberRow, 'id' | 'version' | 'user' | 'role'>;

interface MemberPanelProps {
  readonly member: Member;
  readonly open: boolean;
  readonly onClose: () => void;
}

/** The panel in which it is decided which keys a person keeps who leaves a team. */
export function RemoveMember({ member, open, onClose }: MemberPanelProps): ReactElement {
  const { t } = useTranslation();
  const title = t('teams.members.removeTitle', { name: member.user.label });
  return (
    <EditPanel title={title} open={open} onClose={onClose}>
      {(panel) => <RemoveForm member={member} title={title} {...panel} />}
    </EditPanel>
  );
}

function RemoveForm(props: PanelHandle & { readonly member: Member; readonly title: string }): ReactElement {
  const { member, title, setDirty, cancel, close } = props;
  const { t } = useTranslation();
  const [kept, setKept] = useState<readonly string[]>([]);
  const query = useProcedureQuery('teams', 'memberKeys', { members: [member.id] }, { staleTimeMs: 0 });
  const keys = query.data?.keys;
  const review = (): void => {
    if (keys === undefined) return;
    const members = [{ id: member.id, version: member.version }];
    showReview({
      verb: 'removeMembers',
      request: { area: 'teams', procedure: 'previewRemoveMembers', input: { members, keepKeys: [...kept] } },
      title,
      onDone: close,
    });
  };
  return (
    <PanelForm
      submitLabel={t('teams.members.reviewRemoval')}
      maySubmit={keys !== undefined}
      onSubmit={review}
      onCancel={cancel}
    >
      <Stack sx={{ px: 1.5, gap: 1.5 }}>
        {query.error !== null && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
        {keys === undefined && query.error === null && <LoadingLines />}
        {keys?.length === 0 && <Typography variant="body2">{t('teams.members.noKeys')}</Typography>}
        {keys !== undefined && keys.length > 0 && (
          <Alert severity="warning">{t('teams.members.keysEnd')}</Alert>
        )}
        {keys?.map(({ id, label, prefix, mayBeKept }) => (
          <FormControlLabel
            key={id}
            disabled={!mayBeKept}
            control={
              <Checkbox
                checked={kept.includes(id)}
                onChange={(_event, isKept) => {
                  const next = isKept ? [...kept, id] : kept.filter((other) => other !== id);
                  setKept(next);
                  setDirty(next.length > 0);
                }}
              />
            }
            label={t(mayBeKept ? 'teams.members.keep' : 'teams.members.mayNotKeep', { name: label, prefix })}
          />
        ))}
      </Stack>
    </PanelForm>
  );
}

/** The panel in which the team is chosen that a member moves to. */
export function MoveMember({ member, open, onClose }: MemberPanelProps): ReactElement {
  const { t } = useTranslation();
  const title = t('teams.members.moveTitle', { name: member.user.label });
  return (
    <EditPanel title={title} open={open} onClose={onClose}>
      {(panel) => <MoveForm member={member} title={title} {...panel} />}
    </EditPanel>
  );
}

function MoveForm(props: PanelHandle & { readonly member: Member; readonly title: string }): ReactElement {
  const { member, title, setDirty, cancel, close } = props;
  const { t } = useTranslation();
  const [to, setTo] = useState<string>();
  const review = (): void => {
    if (to === undefined) return;
    const members = [{ id: member.id, version: member.version }];
    showReview({
      verb: 'moveMembers',
      request: { area: 'teams', procedure: 'previewMoveMembers', input: { members, to } },
      title,
      onDone: close,
    });
  };
  return (
    <PanelForm
      submitLabel={t('teams.members.reviewMove')}
      maySubmit={to !== undefined}
      onSubmit={review}
      onCancel={cancel}
    >
      <Stack sx={{ px: 1.5, gap: 1.5 }}>
        <Typography variant="body2">{t('teams.members.moveHelp')}</Typography>
        <OptionsFilter
          area="teams"
          whenNone={t('common.none')}
          label={t('teams.members.moveTo')}
          value={to}
          onChange={(id) => {
            setTo(id);
            setDirty(id !== undefined);
          }}
        />
      </Stack>
    </PanelForm>
  );
}
