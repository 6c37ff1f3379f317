import { Alert, Box, Button, Stack, Typography } from '@mui/material';
import { useState, type ReactElement } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import type { Reconciliation, RepairRequest } from '../../../shared/contract/health';
import { useCanWrite, useJobs, useWorkspace } from '../api/app-state';
import { latestJob } from '../api/latest-job';
import { useJob } from '../api/use-job';
import { formatCount } from '../ui/format';
import { JobOutcome } from '../ui/job-outcome';
import { Section } from '../ui/section';
import { EmptyState } from '../ui/states';
import { Instant } from '../ui/values';
import { RollupsTable } from './rollups-table';
import { SummariesTable } from './summaries-table';

/** Summaries and rollups beside the log they were made from, month by month, when asked for. */
export function ReconcileSection({
  onRepair,
}: {
  readonly onRepair: (request: RepairRequest) => void;
}): ReactElement {
  const { t } = useTranslation();
  const canWrite = useCanWrite();
  const comparison = useJob('health', 'reconcile');
  const { job, result, busy, start } = comparison;
  const differs = result === null ? 0 : differentMonths(result);
  const isOutdated = useIsRepairedSince(job?.startedAt ?? null);
  return (
    <Section
      title={t('health.reconcile.title')}
      description={t('health.reconcile.description')}
      flush
      actions={
        <>
          {differs > 0 && !isOutdated && (
            <Button variant="contained" size="small" onClick={() => onRepair({ kind: 'rebuild_usage' })}>
              {canWrite ? t('health.reconcile.rebuild') : t('health.finding.preview')}
            </Button>
          )}
          <Button variant="outlined" size="small" disabled={busy} onClick={() => start({})}>
            {t(result === null ? 'health.reconcile.start' : 'health.reconcile.again')}
          </Button>
        </>
      }
    >
      <Stack sx={{ gap: 1.5, px: 2.5, pb: 1 }}>
        <JobOutcome job={comparison} failedTitle={t('health.reconcile.failed')} />
        {result !== null && isOutdated && <Alert severity="info">{t('health.reconcile.outdated')}</Alert>}
      </Stack>
      {result !== null && <Comparison result={result} />}
      {result === null && !busy && job?.state !== 'failed' && (
        <EmptyState title={t('health.reconcile.never')} body={t('health.reconcile.neverBody')} />
      )}
    </Section>
  );
}

/** True when a repair ended after this instant, whatever came of it; false for null. */
function useIsRepairedSince(instant: string | null): boolean {
  const repair = latestJob(useJobs(), 'health.repair', useWorkspace()?.id ?? null);
  const repairedAt = repair?.finishedAt ?? null;
  return instant !== null && repairedAt !== null && repairedAt > instant;
}

/** Months in which rollup or summary is not the log; each counts once. */
function differentMonths({ months, summaries }: Reconciliation): number {
  const different = [...months, ...summaries].filter(({ state }) => state === 'differs');
  return new Set(different.map(({ month }) => month)).size;
}

function Comparison({ result }: { readonly result: Reconciliation }): ReactElement {
  const { t } = useTranslation();
  const [showsAll, setShowsAll] = useState(false);
  const { months, summaries, timeZone, checkedAt } = result;
  if (months.length + summaries.length === 0) return <EmptyState title={t('health.reconcile.noUsage')} />;
  const differs = differentMonths(result);
  const archived = months.filter(({ state }) => state === 'archived').length;
  const isShown = ({ state }: { readonly state: string }): boolean =>
    showsAll || differs === 0 || state === 'differs';
  const shownMonths = months.filter(isShown);
  const shownSummaries = summaries.filter(isShown);
  return (
    <Stack sx={{ gap: 1.5 }}>
      <Stack sx={{ gap: 1, px: 2.5 }}>
        <Alert severity={differs === 0 ? 'success' : 'error'}>
          {differs === 0
            ? t('health.reconcile.allEqual')
            : t('health.reconcile.differs', { count: differs, formatted: formatCount(differs) })}{' '}
          {archived > 0 &&
            t('health.reconcile.archived', { count: archived, formatted: formatCount(archived) })}
        </Alert>
        <Stack direction="row" sx={{ gap: 2, alignItems: 'center', flexWrap: 'wrap' }}>
          <Typography variant="caption" sx={{ color: 'text.secondary' }}>
            <Trans
              i18nKey="health.reconcile.comparedAt"
              components={{ moment: <Instant value={checkedAt} /> }}
            />
          </Typography>
          {differs > 0 && (
            <Button size="small" aria-pressed={showsAll} onClick={() => setShowsAll(!showsAll)}>
              {t(showsAll ? 'health.reconcile.showDifferent' : 'health.reconcile.showAll')}
            </Button>
          )}
        </Stack>
      </Stack>
      {shownMonths.length > 0 && (
        <Box>
          <Typography variant="h3" sx={{ px: 2.5, pb: 0.5 }}>
            {t('health.reconcile.rollups', { zone: timeZone })}
          </Typography>
          <RollupsTable months={shownMonths} label={t('health.reconcile.rollups', { zone: timeZone })} />
        </Box>
      )}
      {shownSummaries.length > 0 && (
        <Box>
          <Typography variant="h3" sx={{ px: 2.5, pb: 0.5 }}>
            {t('health.reconcile.summaries')}
          </Typography>
          <SummariesTable months={shownSummaries} />
        </Box>
      )}
    </Stack>
  );
}
