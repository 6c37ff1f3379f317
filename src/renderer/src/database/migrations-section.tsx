import {
  Alert,
  Box,
  Button,
  Checkbox,
  FormControlLabel,
  Stack,
  Table,
  TableBody,
  TableCell,
  TableContainer,
  TableHead,
  TableRow,
} from '@mui/material';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import { useJob } from '../api/use-job';
import { useProcedureQuery } from '../api/use-procedure';
import type { ToneName } from '../app/theme';
import { formatCount } from '../components/format';
import { JobOutcome } from '../components/job-outcome';
import { notify } from '../components/notifications';
import { Section } from '../components/section';
import { ErrorState, LoadingLines } from '../components/states';
import { StatusChip } from '../components/status-chip';
import { Instant } from '../components/values';

type Answer = AnswerOf<Contract['database']['migrations']>;
type Migration = Answer['migrations'][number];

const tones: Record<Migration['state'], ToneName> = {
  applied: 'success',
  pending: 'info',
  changed: 'error',
  unknown: 'warning',
};

/** Which migrations this database has, what stands in the way of the rest, and running them. */
export function MigrationsSection({ canWrite }: { readonly canWrite: boolean }): ReactElement {
  const { t } = useTranslation();
  const query = useProcedureQuery('database', 'migrations', {});
  const job = useJob('database', 'migrate', () => notify('success', t('database.migrations.done')));
  const [showsAll, setShowsAll] = useState(false);
  const all = query.data?.migrations ?? [];
  const pending = all.filter(({ state }) => state === 'pending').length;
  const applied = all.filter(({ state }) => state === 'applied').length;
  const odd = all.filter(({ state }) => state !== 'applied');
  const [accepts, setAccepts] = useState(false);
  const checks = query.data?.preflight ?? [];
  const isReady = checks.length > 0 && checks.every(({ ok, acceptable }) => ok || (acceptable && accepts));
  const asksToAccept = checks.some(({ ok, acceptable }) => !ok && acceptable);
  const shown = showsAll ? all : odd;
  return (
    <Section
      title={t('database.migrations.title')}
      description={
        query.data === undefined
          ? undefined
          : pending > 0
            ? t('database.migrations.pending', { count: pending, formatted: formatCount(pending) })
            : t('database.migrations.allApplied', { count: applied, formatted: formatCount(applied) })
      }
      flush
      actions={
        <>
          {all.length > odd.length && (
            <Button size="small" aria-expanded={showsAll} onClick={() => setShowsAll(!showsAll)}>
              {t(showsAll ? 'database.migrations.hide' : 'database.migrations.show')}
            </Button>
          )}
          {pending > 0 && canWrite && (
            <Button
              variant="contained"
              disabled={job.busy || !isReady}
              onClick={() => job.start({ acceptOthersCreating: asksToAccept && accepts })}
            >
              {t('database.migrations.migrate')}
            </Button>
          )}
        </>
      }
    >
      <Stack sx={{ gap: 1.5, px: 2.5, pb: 1 }}>
        {query.error !== null && query.data === undefined && (
          <ErrorState error={query.error} onRetry={() => void query.refetch()} />
        )}
        {query.isPending && <LoadingLines lines={2} />}
        {query.data !== undefined && pending > 0 && <Preflight checks={checks} />}
        {asksToAccept && pending > 0 && canWrite && (
          <FormControlLabel
            control={
              <Checkbox
                size="small"
                checked={accepts}
                onChange={(event) => setAccepts(event.target.checked)}
                sx={{ py: 0.25 }}
              />
            }
            label={t('database.migrations.acceptOthers')}
            slotProps={{ typography: { variant: 'body2' } }}
            sx={{ alignSelf: 'flex-start' }}
          />
        )}
        <JobOutcome job={job} failedTitle={t('database.migrations.failed')} />
      </Stack>
      {shown.length > 0 && <MigrationsTable migrations={shown} />}
    </Section>
  );
}

function Preflight({ checks }: { readonly checks: Answer['preflight'] }): ReactElement {
  const { t } = useTranslation();
  return (
    <Stack sx={{ gap: 1 }} aria-label={t('database.migrations.preflight')} role="group">
      {checks.map((check) => (
        <Alert
          key={check.check}
          severity={check.ok ? 'success' : 'error'}
          variant={check.ok ? 'outlined' : 'standard'}
          slotProps={{ icon: { 'aria-hidden': true } }}
        >
          <Box component="span" sx={{ fontWeight: 650 }}>
            {t(check.ok ? 'database.migrations.passed' : 'database.migrations.notPassed')}
          </Box>{' '}
          {check.message} {check.hint ?? ''}
        </Alert>
      ))}
    </Stack>
  );
}

function MigrationsTable({ migrations }: { readonly migrations: readonly Migration[] }): ReactElement {
  const { t } = useTranslation();
  return (
    <TableContainer tabIndex={0} role="group" aria-label={t('database.migrations.title')}>
      <Table size="small" aria-label={t('database.migrations.title')}>
        <TableHead>
          <TableRow>
            <TableCell sx={{ pl: 2.5 }}>{t('database.migrations.name')}</TableCell>
            <TableCell>{t('database.migrations.purpose')}</TableCell>
            <TableCell>{t('database.migrations.state')}</TableCell>
            <TableCell sx={{ pr: 2.5 }}>{t('database.migrations.appliedAt')}</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {migrations.map((migration) => (
            <TableRow key={migration.name}>
              <TableCell component="th" scope="row" sx={{ pl: 2.5, whiteSpace: 'nowrap' }}>
                <code>{migration.name}</code>
              </TableCell>
              <TableCell>{migration.purpose}</TableCell>
              <TableCell>
                <StatusChip
                  tone={tones[migration.state]}
                  label={t(`database.migrations.states.${migration.state}`)}
                />
              </TableCell>
              <TableCell sx={{ pr: 2.5, whiteSpace: 'nowrap' }}>
                <Instant value={migration.appliedAt} />
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </TableContainer>
  );
}
