import { Alert, Button, TextField, Typography } from '@mui/material';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { maxNewUsers } from '../../../../shared/contract/users';
import { ChoiceGroup } from '../../forms/choice-group';
import { RecordLink } from '../../records/record-link';
import { formatCount } from '../../ui/format';
import { ErrorState } from '../../ui/states';
import type { Draft, DraftProps } from './draft';
import type { Holder } from './new-people';
import { PastedTeamsPart } from './pasted-teams-part';
import type { PastedList } from './use-pasted-people';

interface PastedFieldsProps extends DraftProps {
  readonly pasted: PastedList;
  /** The people who are there already are looked at instead. */
  readonly onShowKnown: () => void;
  /** What the list says of them is reviewed. */
  readonly onReviewKnown: () => void;
}

const shownHolders = 20;
const shownProblems = 50;

/** A list of people as it was pasted, and what was read in it. */
export function PastedFields(props: PastedFieldsProps): ReactElement {
  const { draft, pasted, onChange, onShowKnown, onReviewKnown } = props;
  const { t } = useTranslation();
  return (
    <>
      <TextField
        fullWidth
        multiline
        minRows={5}
        maxRows={10}
        label={t('users.create.pasted')}
        helperText={t('users.create.pastedHelp')}
        value={draft.text}
        onChange={(event) => onChange({ text: event.target.value })}
        slotProps={{ htmlInput: { autoComplete: 'off', spellCheck: false, dir: 'auto' } }}
      />
      {draft.text.trim() !== '' && (
        <Outcome pasted={pasted} onShowKnown={onShowKnown} onReviewKnown={onReviewKnown} />
      )}
      <ChoiceGroup
        label={t('users.create.usernameRule')}
        name="usernameRule"
        value={draft.usernameRule}
        choices={(['local', 'address'] satisfies Draft['usernameRule'][]).map((value) => ({
          value,
          label: t(`users.create.rule.${value}`),
        }))}
        onChange={(usernameRule) => onChange({ usernameRule })}
      />
    </>
  );
}

function Outcome({
  pasted,
  onShowKnown,
  onReviewKnown,
}: Pick<PastedFieldsProps, 'pasted' | 'onShowKnown' | 'onReviewKnown'>): ReactElement {
  const { t } = useTranslation();
  const { read, known, holders, fresh, edits, ambiguous, isSettled } = pasted;
  const { teams, unusable, joins, leftOut } = pasted;
  const counted = { count: fresh.length, formatted: formatCount(fresh.length) };
  return (
    <>
      <Typography variant="body2" role="status">
        {isSettled ? t('users.create.fresh', counted) : t('users.create.looking')}
      </Typography>
      {known.error !== null && (
        <ErrorState
          error={known.error}
          title={t('users.create.lookFailed')}
          onRetry={() => void known.refetch()}
        />
      )}
      {read.isCut && (
        <Alert severity="error">{t('users.create.cut', { formatted: formatCount(maxNewUsers) })}</Alert>
      )}
      <Known holders={holders.filter(({ isActive }) => isActive)} onShow={onShowKnown} />
      {edits.length > 0 && (
        <Alert severity="info">
          {t('users.create.edits', { count: edits.length, formatted: formatCount(edits.length) })}
          <Button size="small" disabled={!isSettled} onClick={onReviewKnown} sx={{ mt: 0.5 }}>
            {t('users.create.reviewEdits', { count: edits.length, formatted: formatCount(edits.length) })}
          </Button>
        </Alert>
      )}
      {ambiguous.length > 0 && (
        <Alert severity="warning">
          {t('users.create.ambiguous', {
            count: ambiguous.length,
            formatted: formatCount(ambiguous.length),
          })}
          <Lines
            all={ambiguous.length}
            lines={ambiguous
              .slice(0, shownHolders)
              .map((email) => ({ key: email, line: <bdi>{email}</bdi> }))}
          />
        </Alert>
      )}
      {teams.error !== null && (
        <ErrorState
          error={teams.error}
          title={t('users.create.teams.lookFailed')}
          onRetry={() => void teams.refetch()}
        />
      )}
      <PastedTeamsPart unusable={unusable} joins={joins} leftOut={leftOut} isSettled={isSettled} />
      <Inactive holders={holders.filter(({ isActive }) => !isActive)} />
      <Problems read={read} />
    </>
  );
}

function Known({
  holders,
  onShow,
}: {
  readonly holders: readonly Holder[];
  readonly onShow: () => void;
}): ReactNode {
  const { t } = useTranslation();
  if (holders.length === 0) return null;
  const ids = [...new Set(holders.map(({ id }) => id))];
  return (
    <Alert severity="info">
      {t('users.create.known', { count: holders.length, formatted: formatCount(holders.length) })}
      <Holders holders={holders} />
      <Button component={Link} to={`/users?ids=${ids.join()}`} size="small" onClick={onShow} sx={{ mt: 0.5 }}>
        {t('users.create.showKnown')}
      </Button>
    </Alert>
  );
}

/** Who left may be back, or somebody else has the address now: only a person can tell. */
function Inactive({ holders }: { readonly holders: readonly Holder[] }): ReactNode {
  const { t } = useTranslation();
  if (holders.length === 0) return null;
  return (
    <Alert severity="warning">
      {t('users.create.inactive', { count: holders.length, formatted: formatCount(holders.length) })}
      <Holders holders={holders} />
      {t('users.create.inactiveHelp')}
    </Alert>
  );
}

function Holders({ holders }: { readonly holders: readonly Holder[] }): ReactElement {
  return (
    <Lines
      all={holders.length}
      lines={holders.slice(0, shownHolders).map(({ id, label, email }) => ({
        key: `${id} ${email}`,
        line: (
          <>
            <RecordLink area="users" reference={{ id, label }} /> <bdi>{email}</bdi>
          </>
        ),
      }))}
    />
  );
}

function Problems({ read: { problems, unusedColumns } }: Pick<PastedList, 'read'>): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      {unusedColumns.length > 0 && (
        <Typography variant="body2">
          {t('users.create.unusedColumns', { names: unusedColumns.join(', ') })}
        </Typography>
      )}
      {problems.length > 0 && (
        <Alert severity="warning">
          {t('users.create.problems', { count: problems.length, formatted: formatCount(problems.length) })}
          <Lines
            all={problems.length}
            lines={problems.slice(0, shownProblems).map(({ line, text, reason }, index) => ({
              key: String(index),
              line: t('users.create.problem', { line, text, reason: t(`users.create.reason.${reason}`) }),
            }))}
          />
        </Alert>
      )}
    </>
  );
}

function Lines({
  lines,
  all,
}: {
  readonly lines: readonly { readonly key: string; readonly line: ReactNode }[];
  readonly all: number;
}): ReactElement {
  const { t } = useTranslation();
  return (
    <Typography
      variant="body2"
      component="ul"
      sx={{ m: 0, my: 0.5, pl: 2.5, maxHeight: 180, overflowY: 'auto', overflowWrap: 'anywhere' }}
    >
      {lines.map(({ key, line }) => (
        <li key={key}>{line}</li>
      ))}
      {all > lines.length && (
        <li>{t('users.create.more', { formatted: formatCount(all - lines.length) })}</li>
      )}
    </Typography>
  );
}
