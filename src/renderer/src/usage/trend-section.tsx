import { Box, Button, FormControlLabel, Switch, Typography } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { usageDimensions } from '../../../shared/contract/usage';
import { useProcedureQuery } from '../api/use-procedure';
import type { DayRange } from '../charts/calendar';
import { formatCount, formatDay } from '../ui/format';
import { Section } from '../ui/section';
import { Choice } from './choice';
import { MetricSwitch } from './metric-switch';
import { UsageChart } from './usage-chart';
import { bucketFor, countDays, rangeBefore } from './usage-period';
import { topChoices, type UsageView } from './usage-url';

interface TrendSectionProps {
  readonly view: UsageView;
  readonly onChange: (changes: Readonly<Record<string, string | null>>) => void;
}

/** One metric over the period, whole or split, as a chart or a table. */
export function TrendSection({ view, onChange }: TrendSectionProps): ReactElement {
  const { t } = useTranslation();
  const { range, filters, metric, split, top, isTable, isCompared } = view;
  const bucket = bucketFor(range);
  const query = useProcedureQuery(
    'usage',
    'series',
    {
      range,
      filters,
      bucket,
      ...(split === null ? {} : { split, top, by: metric }),
      ...(isCompared ? { compare: 'previous' as const } : {}),
    },
    { keepPrevious: true },
  );
  const metricName = t(`common.metric.${metric}`);
  const wider = query.data !== undefined && query.data.bucket !== bucket ? query.data.bucket : null;
  return (
    <Section
      title={t('usage.trend.title')}
      description={
        wider === 'week'
          ? t('usage.trend.widened')
          : wider === 'month'
            ? t('usage.trend.widenedMonth')
            : undefined
      }
      actions={
        <Box data-screen-only sx={{ display: 'contents' }}>
          <FormControlLabel
            label={t('usage.compare.switch')}
            control={
              <Switch
                size="small"
                checked={isCompared}
                onChange={(_event, on) => onChange({ compare: on ? 'previous' : null })}
              />
            }
            slotProps={{ typography: { variant: 'body2' } }}
          />
          <MetricSwitch value={metric} onChange={(next) => onChange({ metric: next })} />
          <Choice
            label={t('usage.trend.split')}
            value={split ?? 'none'}
            options={[
              { value: 'none', label: t('usage.trend.noSplit') },
              ...usageDimensions.map((name) => ({ value: name, label: t(`usage.dimension.${name}`) })),
            ]}
            onChange={(next) => onChange({ split: next === 'none' ? null : next })}
          />
          {split !== null && (
            <Choice
              label={t('usage.trend.top')}
              value={String(top)}
              options={topChoices.map((count) => ({ value: String(count), label: formatCount(count) }))}
              onChange={(next) => onChange({ top: next })}
            />
          )}
          <Button size="small" onClick={() => onChange({ view: isTable ? null : 'table' })}>
            {t(isTable ? 'common.chart.showChart' : 'common.chart.showTable')}
          </Button>
        </Box>
      }
    >
      {isCompared && (
        <ComparedText range={range} isTooLong={query.data?.previous === null && !query.isPlaceholderData} />
      )}
      <UsageChart
        query={query}
        label={
          split === null
            ? t('usage.trend.label', { metric: metricName })
            : t('usage.trend.labelSplit', { metric: metricName, dimension: t(`usage.inText.${split}`) })
        }
        metric={metric}
        dimension={split}
        isTable={isTable}
        empty={{ title: t('common.chart.noData'), body: t('usage.emptyPeriodBody') }}
      />
    </Section>
  );
}

/** Which days the dashed line is of, and how they meet those of the period. */
function ComparedText({
  range,
  isTooLong,
}: {
  readonly range: DayRange;
  readonly isTooLong: boolean;
}): ReactElement {
  const { t } = useTranslation();
  const before = rangeBefore(range);
  const count = countDays(range);
  return (
    <Typography variant="body2" sx={{ color: 'text.secondary', mb: 1 }}>
      {isTooLong
        ? t('usage.compare.tooLong')
        : t('usage.compare.words', {
            count,
            formatted: formatCount(count),
            from: formatDay(before.from),
            to: formatDay(before.to),
          })}
    </Typography>
  );
}
