import { ToggleButton, ToggleButtonGroup } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCount } from '../ui/format';

interface PeriodSwitchProps<Days extends number> {
  /** Lengths in days, today included. */
  readonly periods: readonly Days[];
  readonly value: Days;
  readonly onChange: (days: Days) => void;
}

/** Chooses one of a few periods that end today. */
export function PeriodSwitch<Days extends number>({
  periods,
  value,
  onChange,
}: PeriodSwitchProps<Days>): ReactElement {
  const { t } = useTranslation();
  // A generic count is more than the catalogue's types can work out.
  const daysLabel = (count: number): string =>
    t('common.period.days', { count, formatted: formatCount(count) });
  return (
    <ToggleButtonGroup
      exclusive
      size="small"
      value={value}
      aria-label={t('common.period.label')}
      onChange={(_event, next: Days | null) => {
        if (next !== null) onChange(next);
      }}
    >
      {periods.map((days) => (
        <ToggleButton key={days} value={days} sx={{ px: 1.5 }}>
          {daysLabel(days)}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}
