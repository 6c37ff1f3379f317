import { Button } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { usageDimensions } from '../../../shared/contract/usage';
import { useProcedureQuery } from '../api/use-procedure';
import { Section } from '../components/section';
import { Choice } from './choice';
import { MetricSwitch } from './metric-switch';
import { UsageChart } from './usage-chart';
import { bucketFor } from './usage-period';
import { topChoices, type UsageView } from './usage-url';

interface TrendSectionProps {
  readonly view: UsageView;
  readonly onChange: (changes: Readonly<Record<string, string | null>>) => void;
}

/** One metric over the period, whole or split, as a chart or a table. */
export function TrendSection({ view, onChange }: TrendSectionProps): ReactElement {
  const { t } = useTranslation();
  const { range, filters, metric, split, top, isTable } = view;
  const bucket = bucketFor(range);
  const query = useProcedureQuery(
    'usage',
    'series',
    { range, filters, bucket, ...(split === null ? {} : { split, top, by: metric }) },
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
        <>
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
              options={topChoices.map((count) => ({ value: String(count), label: String(count) }))}
              onChange={(next) => onChange({ top: next })}
            />
          )}
          <Button size="small" onClick={() => onChange({ view: isTable ? null : 'table' })}>
            {t(isTable ? 'common.chart.showChart' : 'common.chart.showTable')}
          </Button>
        </>
      }
    >
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
