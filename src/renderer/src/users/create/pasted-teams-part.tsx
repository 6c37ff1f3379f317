import { Alert, Button, Typography } from '@mui/material';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { NamedTeam } from '../../../../shared/contract/teams';
import { RecordLink } from '../../records/record-link';
import { showReview } from '../../review/review-store';
import { formatCount, formatInstant } from '../../ui/format';
import { visibleName } from '../../ui/visible-name';
import type { PastedTeams, TeamJoin, UnusableName } from './pasted-teams';

const shownNames = 20;

interface PastedTeamsPartProps extends Pick<PastedTeams, 'unusable' | 'joins'> {
  /** How many people are not created because of the names. */
  readonly leftOut: number;
  readonly isSettled: boolean;
}

/** What a table's column of teams comes to: names that mean no team, and who of those there already joins which. */
export function PastedTeamsPart({ unusable, joins, leftOut, isSettled }: PastedTeamsPartProps): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      {unusable.length > 0 && (
        <Alert severity="warning">
          {t('users.create.teams.unusable', {
            count: unusable.length,
            formatted: formatCount(unusable.length),
          })}
          <Typography
            variant="body2"
            component="ul"
            sx={{ m: 0, my: 0.5, pl: 2.5, maxHeight: 240, overflowY: 'auto', overflowWrap: 'anywhere' }}
          >
            {unusable.slice(0, shownNames).map((each) => (
              <Unusable key={each.name} {...each} />
            ))}
            {unusable.length > shownNames && (
              <li>{t('users.create.more', { formatted: formatCount(unusable.length - shownNames) })}</li>
            )}
          </Typography>
          {leftOut > 0 &&
            t('users.create.teams.leftOut', { count: leftOut, formatted: formatCount(leftOut) })}
        </Alert>
      )}
      {joins.map((join) => (
        <Join key={join.team.id} join={join} isSettled={isSettled} />
      ))}
    </>
  );
}

function Unusable({ name, reason, teams }: UnusableName): ReactElement {
  const { t } = useTranslation();
  return (
    <li>
      {t(`users.create.teams.reason.${reason}`, { name: visibleName(name) })}
      {teams.map((team) => (
        <div key={team.id}>
          <RecordLink area="teams" reference={team} /> <TellingApart team={team} />
        </div>
      ))}
    </li>
  );
}

/** What tells a team from another one of the same name. */
function TellingApart({ team }: { readonly team: NamedTeam }): ReactNode {
  const { t } = useTranslation();
  const { id, alias, isActive, memberCount, createdAt } = team;
  const facts = [
    ...(alias === null ? [] : [visibleName(alias)]),
    t('users.create.teams.members', { count: memberCount, formatted: formatCount(memberCount) }),
    ...(isActive ? [] : [t('review.inactive')]),
    ...(createdAt === null ? [] : [t('users.create.teams.created', { at: formatInstant(createdAt) })]),
    id,
  ];
  return <bdi>{facts.join(', ')}</bdi>;
}

function Join({
  join: { team, userIds },
  isSettled,
}: {
  readonly join: TeamJoin;
  readonly isSettled: boolean;
}) {
  const { t } = useTranslation();
  const count = userIds.length;
  const counted = { count, formatted: formatCount(count), team: visibleName(team.label) };
  return (
    <Alert severity="info">
      {t('users.create.teams.join', counted)}
      <Button
        size="small"
        disabled={!isSettled}
        onClick={() =>
          showReview({
            request: {
              area: 'teams',
              procedure: 'previewAddMembers',
              input: { teamId: team.id, members: userIds.map((userId) => ({ userId, role: 'member' })) },
            },
            verb: 'addMembers',
            title: t('teams.members.addTo', { team: visibleName(team.label) }),
          })
        }
        sx={{ mt: 0.5 }}
      >
        {t('teams.members.review', counted)}
      </Button>
    </Alert>
  );
}
