import { Alert, Box, Checkbox, FormControlLabel, Stack, Typography } from '@mui/material';
import { useState, type ReactElement } from 'react';
import { flushSync } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { AnswerOf, Contract } from '../../../../shared/contract/index';
import type { Reference } from '../../../../shared/contract/values';
import { useProcedureQuery } from '../../api/use-procedure';
import { EditPanel, type PanelHandle } from '../../forms/edit-panel';
import { PanelForm } from '../../forms/panel-form';
import { OptionsFilter } from '../../lists/options-filter';
import { showReview } from '../../review/review-store';
import { formatCount } from '../../ui/format';
import { ErrorState, LoadingLines } from '../../ui/states';

type Leaving = AnswerOf<Contract['users']['leaving']>;

interface OffboardUsersProps {
  /** Who leaves, while the panel is open. */
  readonly people: readonly Reference[] | null;
  readonly onClose: () => void;
  readonly onDone?: (() => void) | undefined;
}

/** The panel in which is said who takes over the teams of people who leave, before all of it is reviewed. */
export function OffboardUsers({ people, onClose, onDone }: OffboardUsersProps): ReactElement {
  const { t } = useTranslation();
  const count = people?.length ?? 0;
  const title = t('users.offboard.title', {
    count,
    formatted: formatCount(count),
    name: people?.[0]?.label ?? '',
  });
  return (
    <EditPanel title={title} open={people !== null} onClose={onClose}>
      {(panel) => people !== null && <Leavers people={people} title={title} panel={panel} onDone={onDone} />}
    </EditPanel>
  );
}

interface LeaversProps {
  readonly people: readonly Reference[];
  readonly title: string;
  readonly panel: PanelHandle;
  readonly onDone: (() => void) | undefined;
}

function Leavers({ people, ...rest }: LeaversProps): ReactElement {
  const { t } = useTranslation();
  const ids = people.map(({ id }) => id);
  const query = useProcedureQuery('users', 'leaving', { ids }, { staleTimeMs: 0 });
  // What was read before the panel opened may be old; what is read later changes no form.
  if (query.data !== undefined && query.isFetchedAfterMount)
    return <LeavingForm read={query.data} {...rest} />;
  return (
    <Box sx={{ p: 3 }}>
      {query.error === null ? (
        <LoadingLines lines={4} />
      ) : (
        <ErrorState
          error={query.error}
          title={t('users.offboard.failed')}
          onRetry={() => void query.refetch()}
        />
      )}
    </Box>
  );
}

/** Who becomes admin of a team; NULL: it goes on without one; absent: not decided. */
type Choices = Readonly<Record<string, string | null | undefined>>;

interface LeavingFormProps extends Omit<LeaversProps, 'people'> {
  readonly read: Leaving;
}

function LeavingForm({ read, title, panel, onDone }: LeavingFormProps): ReactElement {
  const { t } = useTranslation();
  const navigate = useNavigate();
  // What is reviewed is what the form was filled from, whatever is read anew behind it.
  const [leaving] = useState(read);
  const [choices, setChoices] = useState<Choices>({});
  const { people, teams, teamCount } = leaving;
  const undecided = teams.filter(({ id }) => choices[id] === undefined).length;
  const isTooMuch = teamCount > teams.length;
  const mayReview = people.length > 0 && undecided === 0 && !isTooMuch;
  const choose = (next: Choices): void => {
    setChoices(next);
    panel.setDirty(true);
  };
  const review = (): void => {
    if (!mayReview) return;
    showReview({
      verb: 'offboard',
      request: {
        area: 'users',
        procedure: 'previewOffboard',
        input: {
          targets: { selected: people.map(({ id, version }) => ({ id, version })) },
          handedOn: teams.map(({ id }) => ({ teamId: id, to: choices[id] ?? null })),
        },
      },
      title,
      onDone: ({ batchId, done }) => {
        // Else the guard of the form still keeps the page.
        flushSync(panel.close);
        onDone?.();
        if (done > 0) void navigate(`/users/offboarded/${batchId}`);
      },
    });
  };
  if (people.length === 0) {
    return (
      <Box sx={{ p: 3 }}>
        <Alert severity="info">{t('users.offboard.gone')}</Alert>
      </Box>
    );
  }
  return (
    <PanelForm
      submitLabel={
        undecided > 0
          ? t('users.offboard.undecided', { count: undecided, formatted: formatCount(undecided) })
          : t('users.offboard.review')
      }
      maySubmit={mayReview}
      onSubmit={review}
      onCancel={panel.cancel}
    >
      <Box sx={{ px: 1.5 }}>
        <Typography variant="body2">{t('users.offboard.what')}</Typography>
        <Box component="ul" sx={{ my: 0.5, pl: 2.5, typography: 'body2' }}>
          {(['keys', 'subscriptions', 'memberships'] as const).map((what) => (
            <li key={what}>
              {t(`users.offboard.${what}`, { count: leaving[what], formatted: formatCount(leaving[what]) })}
            </li>
          ))}
          <li>{t('users.offboard.signIn')}</li>
        </Box>
      </Box>
      {isTooMuch && (
        <Alert severity="error">
          {t('users.offboard.tooManyTeams', { formatted: formatCount(teams.length) })}
        </Alert>
      )}
      {teams.length === 0 ? (
        <Typography variant="body2" sx={{ px: 1.5 }}>
          {t('users.offboard.noTeams')}
        </Typography>
      ) : (
        <TeamChoices teams={teams} choices={choices} onChange={choose} />
      )}
    </PanelForm>
  );
}

interface TeamChoicesProps {
  readonly teams: Leaving['teams'];
  readonly choices: Choices;
  readonly onChange: (choices: Choices) => void;
}

/** Each team whose last admin leaves: who takes over, or that nobody does. */
function TeamChoices({ teams, choices, onChange }: TeamChoicesProps): ReactElement {
  const { t } = useTranslation();
  const [everywhere, setEverywhere] = useState<string>();
  return (
    <Stack sx={{ gap: 2, px: 1.5 }}>
      <Typography variant="body2" sx={{ fontWeight: 600 }}>
        {t('users.offboard.teams', { count: teams.length, formatted: formatCount(teams.length) })}
      </Typography>
      {teams.length > 1 && (
        <OptionsFilter
          area="users"
          label={t('users.offboard.everywhere')}
          whenNone=""
          value={everywhere}
          onChange={(to) => {
            setEverywhere(to);
            if (to !== undefined) onChange(Object.fromEntries(teams.map(({ id }) => [id, to])));
          }}
        />
      )}
      {teams.map(({ id, label, admins }) => {
        const choice = choices[id];
        return (
          <Stack key={id} sx={{ gap: 0.5 }}>
            <OptionsFilter
              area="users"
              label={t('users.offboard.newAdmin', { team: label })}
              whenNone=""
              value={choice ?? undefined}
              onChange={(to) => onChange({ ...choices, [id]: to })}
            />
            <Typography variant="caption" sx={{ color: 'text.secondary', overflowWrap: 'anywhere' }}>
              {t('users.offboard.leaves', { admins })}
            </Typography>
            <FormControlLabel
              control={
                <Checkbox
                  size="small"
                  checked={choice === null}
                  onChange={(_event, isWithout) =>
                    onChange({ ...choices, [id]: isWithout ? null : undefined })
                  }
                />
              }
              label={<Typography variant="body2">{t('users.offboard.without', { team: label })}</Typography>}
            />
          </Stack>
        );
      })}
    </Stack>
  );
}
