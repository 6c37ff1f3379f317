import { Button, CircularProgress } from '@mui/material';
import { lazy, Suspense, useRef, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useJobs } from '../api/app-state';
import { formatCount } from '../ui/format';
import { VisuallyHidden } from '../ui/visually-hidden';
import { usePageAction } from '../ui/page-actions';
import { jobName } from './job-name';

const JobsPanel = lazy(async () => ({ default: (await import('./jobs-panel')).JobsPanel }));

const shownJobs = 6;

/** How much is running; opens what runs and what ended lately. No button while there is nothing to tell. */
export function JobsIndicator(): ReactElement {
  const { t } = useTranslation();
  const jobs = useJobs();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  // Once loaded it stays, to close as it opened.
  const [wasOpened, setWasOpened] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  usePageAction('openJobs', jobs.length === 0 ? undefined : () => button.current?.click());
  const running = jobs.filter(({ state }) => state === 'running');
  const latest = jobs.slice(-shownJobs).reverse();
  const newest = latest[0];
  // Heard when work begins and when it ends; its progress would be too much.
  const announced =
    newest === undefined
      ? ''
      : t('app.jobs.announced', {
          job: t(jobName(newest.procedure)),
          state: t(`common.job.${newest.state}`),
        });
  return (
    <>
      <VisuallyHidden>
        <span role="status">{announced}</span>
      </VisuallyHidden>
      {jobs.length > 0 && (
        <Button
          ref={button}
          color="inherit"
          size="small"
          aria-haspopup="dialog"
          aria-expanded={anchor !== null}
          onClick={({ currentTarget }) => {
            setWasOpened(true);
            setAnchor(currentTarget);
          }}
          startIcon={
            running.length > 0 ? <CircularProgress size={14} color="inherit" aria-hidden /> : undefined
          }
        >
          {running.length > 0
            ? t('app.jobs.running', { count: running.length, formatted: formatCount(running.length) })
            : t('app.jobs.recent')}
        </Button>
      )}
      {wasOpened && (
        <Suspense>
          <JobsPanel anchor={anchor} jobs={latest} onClose={() => setAnchor(null)} />
        </Suspense>
      )}
    </>
  );
}
