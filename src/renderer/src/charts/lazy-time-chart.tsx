import { Skeleton } from '@mui/material';
import { lazy, Suspense, type ComponentProps, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

const TimeChart = lazy(async () => ({ default: (await import('./time-chart')).TimeChart }));

/** {@link TimeChart}, whose library arrives after the page around it. */
export function LazyTimeChart(props: ComponentProps<typeof TimeChart>): ReactElement {
  const { t } = useTranslation();
  return (
    <Suspense
      fallback={
        <Skeleton
          variant="rounded"
          height={props.heightPx ?? 260}
          role="status"
          aria-label={t('common.chart.loading')}
        />
      }
    >
      <TimeChart {...props} />
    </Suspense>
  );
}
