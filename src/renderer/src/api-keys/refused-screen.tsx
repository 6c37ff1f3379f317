import {
  Alert,
  Button,
  Stack,
  Table,
  TableBody,
  TableCell,
  TableContainer,
  TableHead,
  TableRow,
  TextField,
  Typography,
} from '@mui/material';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import type { LimitLevel, RefusalAnswer } from '../../../shared/contract/api-keys';
import { redact } from '../../../shared/redact';
import { toApiError } from '../api/api-error';
import { call } from '../api/client';
import { useProcedureQuery } from '../api/use-procedure';
import { budgetPeriodLabel } from '../records/budget-period';
import { LimitValue } from '../records/limit-value';
import { AppLink, editPath, recordPath } from '../records/record-link';
import { formatCount } from '../ui/format';
import { notify } from '../ui/notifications';
import { PageHeader } from '../ui/page-header';
import { Section } from '../ui/section';
import { ErrorState, LoadingLines } from '../ui/states';
import { StatusChip } from '../ui/status-chip';
import { Count, Instant, Money } from '../ui/values';
import { visibleName } from '../ui/visible-name';
import { refusedPath } from './refused-path';

/** The helpdesk's question: of a pasted key, an alias or a client's error, which link of the chain refuses. */
export function RefusedScreen(): ReactElement {
  const { t } = useTranslation();
  const [parameters, setParameters] = useSearchParams();
  const id = parameters.get('id');
  const [typed, setTyped] = useState('');
  const [asked, setAsked] = useState('');
  const [unclear, setUnclear] = useState<RefusalAnswer | null>(null);
  const answer = useProcedureQuery(
    'apiKeys',
    'explainRefusal',
    { text: asked, id },
    { enabled: id !== null },
  );
  const ask = (): void => {
    const text = typed.trim();
    // The key itself is asked of once, and then stays neither in the field nor in what was read.
    const rest = withoutKeys(text);
    call('apiKeys', 'explainRefusal', { text, id }).then(
      (found) => {
        const [only] = found.candidates;
        setTyped(rest);
        setAsked(rest);
        setUnclear(found.key === null ? found : null);
        if (found.key !== null && only !== undefined) setParameters({ id: only.id });
      },
      (error: unknown) => notify('error', toApiError(error).message),
    );
  };
  const shown = unclear ?? answer.data;
  return (
    <>
      <PageHeader title={t('apiKeys.refused.title')} description={t('apiKeys.refused.description')} />
      <Stack sx={{ gap: 2 }}>
        <Section title={t('apiKeys.refused.question')}>
          <Stack
            component="form"
            sx={{ gap: 1.5, alignItems: 'flex-start' }}
            onSubmit={(event) => {
              event.preventDefault();
              ask();
            }}
          >
            <TextField
              fullWidth
              multiline
              minRows={2}
              maxRows={8}
              label={t('apiKeys.refused.text')}
              helperText={t('apiKeys.refused.help')}
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              slotProps={{ htmlInput: { maxLength: 4_000, autoComplete: 'off', spellCheck: false } }}
            />
            <Stack direction="row" sx={{ gap: 1 }}>
              <Button type="submit" variant="contained" disabled={typed.trim() === ''}>
                {t('apiKeys.refused.ask')}
              </Button>
              {id !== null && (
                <Button component={Link} to={refusedPath()}>
                  {t('apiKeys.refused.another')}
                </Button>
              )}
            </Stack>
          </Stack>
        </Section>
        {answer.error !== null && <ErrorState error={answer.error} onRetry={() => void answer.refetch()} />}
        {id !== null && answer.isPending && <LoadingLines lines={6} />}
        {shown !== undefined && <Answer answer={shown} onChosen={() => setUnclear(null)} />}
      </Stack>
    </>
  );
}

const longHash = /\b[0-9a-f]{64}\b/g;
const withoutKeys = (text: string): string => redact(text).replaceAll(longHash, '…');

interface AnswerProps {
  readonly answer: RefusalAnswer;
  /** One of several was chosen. */
  readonly onChosen: () => void;
}

function Answer({ answer: { candidates, key }, onChosen }: AnswerProps): ReactElement {
  const { t } = useTranslation();
  const [only] = candidates;
  if (only === undefined) return <Alert severity="warning">{t('apiKeys.refused.nobody')}</Alert>;
  if (key === null) {
    return (
      <Section title={t('apiKeys.refused.several')}>
        <Stack sx={{ gap: 0.5, alignItems: 'flex-start' }}>
          {candidates.map(({ id, label, prefix, owner }) => (
            <Button key={id} component={Link} to={refusedPath(id)} onClick={onChosen}>
              {visibleName(`${label} · ${prefix} · ${owner}`)}
            </Button>
          ))}
        </Stack>
      </Section>
    );
  }
  return (
    <>
      <Typography component="h2" variant="h6">
        <AppLink to={recordPath('api-keys', only.id)}>
          {t('apiKeys.refused.of', { name: visibleName(`${only.label} · ${only.prefix} · ${only.owner}`) })}
        </AppLink>
      </Typography>
      <Remedy found={key} />
      <Chain steps={key.steps} />
      {key.limits.length > 0 && <Limits limits={key.limits} />}
      <Refusals found={key} />
    </>
  );
}

type Found = NonNullable<RefusalAnswer['key']>;

const paths = {
  users: 'users',
  teams: 'teams',
  subscriptions: 'subscriptions',
  apiKeys: 'api-keys',
} as const;

/** The one thing that restores service, or why there is none here. */
function Remedy({ found: { remedy, fitsNone, steps } }: { readonly found: Found }): ReactElement {
  const { t } = useTranslation();
  if (fitsNone) return <Alert severity="warning">{t('apiKeys.refused.fitsNone')}</Alert>;
  if (remedy === null) {
    const refuses = steps.some(({ outcome }) => outcome === 'refuses');
    return (
      <Alert severity="info">{t(refuses ? 'apiKeys.refused.noRemedy' : 'apiKeys.refused.allPass')}</Alert>
    );
  }
  const { area, record, field } = remedy;
  const path = paths[area];
  const to = field === null ? recordPath(path, record.id) : editPath(path, record.id, field);
  return (
    <Section title={t('apiKeys.refused.remedy')}>
      <Button component={Link} to={to} variant="contained">
        {t('apiKeys.refused.mend', { name: visibleName(record.label) })}
      </Button>
    </Section>
  );
}

const tones = { passes: 'success', refuses: 'error', unsure: 'neutral' } as const;

function Chain({ steps }: Pick<Found, 'steps'>): ReactElement {
  const { t } = useTranslation();
  return (
    <Section title={t('apiKeys.refused.chain')}>
      <Stack component="ol" sx={{ gap: 0.75, m: 0, p: 0, listStyle: 'none' }}>
        {steps.map(({ step, outcome, about }) => (
          <Stack
            component="li"
            key={step}
            direction="row"
            sx={{ gap: 1.5, alignItems: 'baseline', flexWrap: 'wrap' }}
          >
            <StatusChip tone={tones[outcome]} label={t(`apiKeys.refused.outcome.${outcome}`)} />
            <Typography variant="body2">{t(`apiKeys.refused.step.${step}`)}</Typography>
            <About step={step} about={about} />
          </Stack>
        ))}
      </Stack>
    </Section>
  );
}

function About({ step, about }: Pick<Found['steps'][number], 'step' | 'about'>): ReactElement | null {
  if (about === null || about === '') return null;
  return (
    <Typography variant="body2" sx={{ color: 'text.secondary', overflowWrap: 'anywhere' }}>
      {step === 'expired' ? <Instant value={about} /> : <bdi>{visibleName(about)}</bdi>}
    </Typography>
  );
}

function Limits({ limits }: Pick<Found, 'limits'>): ReactElement {
  const { t } = useTranslation();
  const columns = ['level', 'measure', 'limit', 'spent', 'says'] as const;
  return (
    <Section title={t('apiKeys.refused.limits')}>
      <TableContainer tabIndex={0} role="region" aria-label={t('apiKeys.refused.limits')}>
        <Table size="small">
          <TableHead>
            <TableRow>
              {columns.map((column) => (
                <TableCell key={column}>{t(`apiKeys.refused.column.${column}`)}</TableCell>
              ))}
            </TableRow>
          </TableHead>
          <TableBody>
            {limits.map((limit) => (
              <LimitRow key={`${limit.level} ${limit.record.id} ${limit.measure}`} of={limit} />
            ))}
          </TableBody>
        </Table>
      </TableContainer>
    </Section>
  );
}

function LimitRow({ of }: { readonly of: LimitLevel }): ReactElement {
  const { t } = useTranslation();
  const { level, measure, record, limit, spent, period, applies, isReached, isSaid } = of;
  const unit = measure === 'budget' ? { unit: 'money' as const } : {};
  // What a person has spent is told where it is too much.
  const isCounted = spent !== null || (level === 'user' && measure === 'budget');
  const state = !applies ? 'notAsked' : isReached ? 'reached' : isCounted ? 'free' : 'notCounted';
  return (
    <TableRow selected={isSaid}>
      <TableCell>
        {t(`apiKeys.refused.level.${level}`)} <bdi>{visibleName(record.label)}</bdi>
      </TableCell>
      <TableCell>
        {t(`apiKeys.refused.measure.${measure}`)}
        {measure === 'budget' && period !== null && ` · ${budgetPeriodLabel(t, period)}`}
      </TableCell>
      <TableCell>
        <LimitValue value={limit} {...unit} />
      </TableCell>
      <TableCell>{spent === null ? '–' : <Used measure={measure} spent={spent} />}</TableCell>
      <TableCell sx={{ fontWeight: isReached || isSaid ? 600 : 400 }}>
        {t(`apiKeys.refused.${state}`)}
        {isSaid && ` · ${t('apiKeys.refused.said')}`}
      </TableCell>
    </TableRow>
  );
}

function Used({ measure, spent }: Pick<LimitLevel, 'measure'> & { readonly spent: string }): ReactElement {
  return measure === 'budget' ? <Money value={spent} /> : <Count value={spent} />;
}

function Refusals({ found: { refusals, readFromLitellmAt } }: { readonly found: Found }): ReactElement {
  const { t } = useTranslation();
  return (
    <Section title={t('apiKeys.refused.refusals')}>
      <Stack sx={{ gap: 0.5 }}>
        {refusals.length === 0 && <Typography variant="body2">{t('apiKeys.refused.noRefusals')}</Typography>}
        {refusals.map(({ status, count, last }) => (
          <Typography key={String(status)} variant="body2">
            {t('apiKeys.refused.refusal', {
              count,
              formatted: formatCount(count),
              status: status === null ? t('apiKeys.refused.noStatus') : String(status),
            })}{' '}
            <Instant value={last} />
          </Typography>
        ))}
        <Typography variant="body2" sx={{ color: 'text.secondary' }}>
          {t('apiKeys.refused.notAskedNow')}{' '}
          <Instant value={readFromLitellmAt} whenNull={t('apiKeys.refused.neverRead')} />
        </Typography>
        <Typography variant="body2" sx={{ color: 'text.secondary' }}>
          {t('apiKeys.refused.otherPods')}
        </Typography>
      </Stack>
    </Section>
  );
}
