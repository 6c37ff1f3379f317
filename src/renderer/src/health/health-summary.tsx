import CheckCircleIcon from '@mui/icons-material/CheckCircleOutlined';
import { Button, LinearProgress, Stack, Typography } from '@mui/material';
import type { ReactElement, Ref } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { formatCount } from '../ui/format';
import { Section } from '../ui/section';
import { ErrorState } from '../ui/states';
import { Instant } from '../ui/values';
import { SeverityCount } from './severity';
import type { HealthCheck } from './use-health-check';

/** How the database stands as a whole, when that was, and looking again. */
export function HealthSummary({
  check,
  ref,
}: {
  readonly check: HealthCheck;
  /** What takes the focus when a finding is gone. */
  readonly ref: Ref<HTMLDivElement>;
}): ReactElement {
  const { t } = useTranslation();
  const { groups, done, failed, failure, skipped, total, counts, isChecking, checkedAt } = check;
  const isDone = done === groups.length;
  return (
    <Section
      title={t('health.summary.title')}
      description={
        isDone && checkedAt !== null ? (
          <Trans
            i18nKey="health.summary.checkedAt"
            components={{ moment: <Instant value={checkedAt} show="relative" /> }}
          />
        ) : (
          t('health.summary.checked', {
            done: formatCount(done),
            count: groups.length,
            formatted: formatCount(groups.length),
          })
        )
      }
      actions={
        <Button variant="outlined" size="small" loading={isChecking} onClick={check.checkAgain}>
          {t('health.summary.checkAgain')}
        </Button>
      }
    >
      <Stack
        ref={ref}
        tabIndex={-1}
        role="status"
        sx={{ gap: 1, minHeight: 40, justifyContent: 'center', outline: 'none' }}
      >
        {!isDone && (
          <LinearProgress
            variant="determinate"
            value={(done / groups.length) * 100}
            aria-label={t('health.summary.checking')}
          />
        )}
        {isDone && total === 0 && failed === 0 && (
          <Stack direction="row" sx={{ gap: 1.5, alignItems: 'center' }}>
            <CheckCircleIcon
              aria-hidden
              sx={({ vars }) => ({ color: vars?.palette.console.tone.success.ink, fontSize: 28 })}
            />
            <Stack>
              <Typography sx={{ fontWeight: 650 }}>{t('health.summary.well')}</Typography>
              <Typography variant="body2" sx={{ color: 'text.secondary' }}>
                {t(skipped === 0 ? 'health.summary.wellBody' : 'health.summary.wellPartly')}
              </Typography>
            </Stack>
          </Stack>
        )}
        {total > 0 && failure === null && (
          <Stack direction="row" sx={{ gap: 1.5, alignItems: 'center', flexWrap: 'wrap' }}>
            <Typography sx={{ fontWeight: 650 }}>
              {t('health.summary.found', { count: total, formatted: formatCount(total) })}
            </Typography>
            <SeverityCount severity="error" count={counts.error} />
            <SeverityCount severity="warning" count={counts.warning} />
            <SeverityCount severity="info" count={counts.info} />
          </Stack>
        )}
        {failure !== null && <ErrorState error={failure} title={t('health.summary.failed')} />}
        {isDone && failed > 0 && failure === null && (
          <Typography variant="body2">{t('health.summary.someFailed')}</Typography>
        )}
      </Stack>
    </Section>
  );
}
