import { ToggleButton, ToggleButtonGroup } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { usageMetrics, type UsageMetric } from '../charts/usage-metric';

interface MetricSwitchProps {
  readonly value: UsageMetric;
  readonly onChange: (metric: UsageMetric) => void;
}

/** Chooses what is drawn and ranked by. */
export function MetricSwitch({ value, onChange }: MetricSwitchProps): ReactElement {
  const { t } = useTranslation();
  return (
    <ToggleButtonGroup
      exclusive
      size="small"
      value={value}
      aria-label={t('usage.trend.metric')}
      onChange={(_event, next: UsageMetric | null) => {
        if (next !== null) onChange(next);
      }}
    >
      {usageMetrics.map((name) => (
        <ToggleButton key={name} value={name} sx={{ px: 1.25, py: 0.5 }}>
          {t(`common.metric.${name}`)}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}
