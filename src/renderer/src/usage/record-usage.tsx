import { Box, Button, Typography } from '@mui/material';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link as RouterLink } from 'react-router';
import type { UsageFigures } from '../../../shared/contract/usage';
import { useWorkspace } from '../api/app-state';
import { useProcedureQuery } from '../api/use-procedure';
import { lastDays } from '../charts/calendar';
import { formatCount } from '../ui/format';
import { Freshness } from '../charts/freshness';
import { Section } from '../ui/section';
import { metricOf, usageMetrics, type UsageMetric } from '../charts/usage-metric';
import { Count, Money } from '../ui/values';
import { MetricSwitch } from './metric-switch';
import { UsageChart } from './usage-chart';
import { usagePath, type UsageFilters } from './usage-url';

const days = 30;

/** What a record used lately: figures and their course, with the way to the usage screen narrowed to it. */
export function RecordUsage({ filters }: { readonly filters: UsageFilters }): ReactElement {
  const { t } = useTranslation();
  const timeZone = useWorkspace()?.reportingTimeZone ?? 'UTC';
  const range = lastDays(days, timeZone, new Date());
  const [metric, setMetric] = useState<UsageMetric>('requests');
  const [isTable, setIsTable] = useState(false);
  const totals = useProcedureQuery('usage', 'totals', { range, filters });
  const series = useProcedureQuery('usage', 'series', { range, filters, bucket: 'day' });
  const isUsed = totals.data !== undefined && totals.data.totals.requests !== '0';
  return (
    <Section
      title={t('records.usage.title', { days: formatCount(days) })}
      description={totals.data && <Freshness freshness={totals.data.freshness} />}
      actions={
        <>
          {isUsed && (
            <>
              <MetricSwitch value={metric} onChange={setMetric} />
              <Button size="small" onClick={() => setIsTable(!isTable)}>
                {t(isTable ? 'common.chart.showChart' : 'common.chart.showTable')}
              </Button>
            </>
          )}
          <Button size="small" component={RouterLink} to={usagePath(filters)}>
            {t('records.usage.open')}
          </Button>
        </>
      }
    >
      {totals.data !== undefined && isUsed && <Figures totals={totals.data.totals} />}
      <UsageChart
        query={series}
        label={t('records.usage.chart', { metric: t(`common.metric.${metric}`), days: formatCount(days) })}
        metric={metric}
        dimension={null}
        isTable={isTable}
        empty={{ title: t('records.usage.none', { days: formatCount(days) }) }}
        heightPx={200}
      />
    </Section>
  );
}

function Figures({ totals }: { readonly totals: UsageFigures }): ReactElement {
  const { t } = useTranslation();
  return (
    <Box component="dl" sx={{ m: 0, mb: 1.5, display: 'flex', columnGap: 4, rowGap: 1, flexWrap: 'wrap' }}>
      {usageMetrics.map((name) => {
        const value = metricOf(name, totals);
        return (
          <Box key={name}>
            <Typography component="dt" variant="caption" sx={{ color: 'text.secondary', fontWeight: 500 }}>
              {t(`common.metric.${name}`)}
            </Typography>
            <Typography
              component="dd"
              className="tabular"
              sx={{ m: 0, fontSize: '1.125rem', fontWeight: 650 }}
            >
              {name === 'cost' ? <Money value={value} compact /> : <Count value={value} compact />}
            </Typography>
          </Box>
        );
      })}
    </Box>
  );
}
