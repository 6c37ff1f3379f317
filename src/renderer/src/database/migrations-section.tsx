import { Button, Stack } from '@mui/material';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useJob } from '../api/use-job';
import { useProcedureQuery } from '../api/use-procedure';
import { formatCount } from '../ui/format';
import { JobOutcome } from '../ui/job-outcome';
import { notify } from '../ui/notifications';
import { Section } from '../ui/section';
import { ErrorState, LoadingLines } from '../ui/states';
import { SuperuserChoice } from '../connect/superuser-choice';
import { superuserRefusal } from '../connect/superuser-refusal';
import { isRoutine, MigrationsTable, type Migration } from './migrations-table';
import { PreflightChecks } from './preflight-checks';

interface MigrationsSectionProps {
  /** The workspace is open to administer it, and its schema is one that this console may bring further. */
  readonly canMigrate: boolean;
}

/** Which migrations this database has, what stands in the way of the rest, and running them. */
export function MigrationsSection({ canMigrate }: MigrationsSectionProps): ReactElement {
  const { t } = useTranslation();
  const query = useProcedureQuery('database', 'migrations', {});
  const job = useJob('database', 'migrate', () => notify('success', t('database.migrations.done')));
  const [showsAll, setShowsAll] = useState(false);
  const [accepts, setAccepts] = useState(false);
  const [isSuperuserChosen, setIsSuperuserChosen] = useState(false);
  const all = query.data?.migrations ?? [];
  const checks = query.data?.preflight ?? [];
  const odd = all.filter(({ state }) => state !== 'applied');
  const shown = showsAll ? all : odd;
  const isPending = all.some(({ state }) => state === 'pending');
  const inTheWay = isPending ? checks.filter(({ ok }) => !ok) : [];
  const refusal = superuserRefusal(job.job?.state === 'failed' ? job.job.error : null);
  const isReady =
    checks.length > 0 &&
    inTheWay.every(({ acceptable }) => acceptable && accepts) &&
    (refusal === null || isSuperuserChosen);
  return (
    <Section
      title={t('database.migrations.title')}
      description={
        query.data === undefined ? undefined : (
          <>
            <Summary migrations={all} />{' '}
            {inTheWay.length > 0 &&
              t('database.migrations.notReady', {
                count: inTheWay.length,
                formatted: formatCount(inTheWay.length),
              })}
          </>
        )
      }
      flush
      actions={
        <>
          {all.length > odd.length && (
            <Button size="small" aria-expanded={showsAll} onClick={() => setShowsAll(!showsAll)}>
              {t(showsAll ? 'database.migrations.hide' : 'database.migrations.show')}
            </Button>
          )}
          {isPending && canMigrate && (
            <Button
              variant="contained"
              disabled={job.busy || !isReady}
              onClick={() =>
                job.start({
                  acceptOthersCreating: inTheWay.length > 0 && accepts,
                  ...(refusal === null ? {} : { acceptSuperuser: isSuperuserChosen }),
                })
              }
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
        <JobOutcome job={job} failedTitle={t('database.migrations.failed')} />
        {refusal !== null && canMigrate && (
          <SuperuserChoice refusal={refusal} isChosen={isSuperuserChosen} onChange={setIsSuperuserChosen} />
        )}
        {isPending && (
          <PreflightChecks checks={checks} accepts={accepts} onAccept={canMigrate ? setAccepts : undefined} />
        )}
      </Stack>
      {shown.length > 0 && <MigrationsTable migrations={shown} />}
    </Section>
  );
}

/** How far the database is, in a sentence. The routines follow every migration: alone they are worth a word. */
function Summary({ migrations }: { readonly migrations: readonly Migration[] }): ReactElement {
  const { t } = useTranslation();
  const pending = migrations.filter(({ state }) => state === 'pending');
  const numbered = pending.filter((migration) => !isRoutine(migration)).length;
  const applied = migrations.filter(
    (migration) => migration.state === 'applied' && !isRoutine(migration),
  ).length;
  if (numbered > 0)
    return <>{t('database.migrations.pending', { count: numbered, formatted: formatCount(numbered) })}.</>;
  if (pending.length > 0) {
    const count = pending.length;
    return <>{t('database.migrations.routinesPending', { count, formatted: formatCount(count) })}.</>;
  }
  return <>{t('database.migrations.allApplied', { count: applied, formatted: formatCount(applied) })}</>;
}
