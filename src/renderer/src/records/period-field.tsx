import { MenuItem, TextField } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { budgetPeriodLabel } from '../records/budget-period';

const periods = ['monthly', 'yearly', '7d', '1d', 'lifetime'] as const;

interface PeriodFieldProps {
  readonly label: string;
  /** Null: none is known. */
  readonly value: string | null;
  readonly onChange: (value: string) => void;
  readonly isWrong: boolean;
}

/** After how long a budget is counted anew. What stands there already stays a choice, whatever it is. */
export function PeriodField({ label, value, onChange, isWrong }: PeriodFieldProps): ReactElement {
  const { t } = useTranslation();
  const known: readonly string[] = periods;
  const own = value === null || known.includes(value) ? [] : [value];
  return (
    <TextField
      select
      fullWidth
      label={label}
      value={value ?? ''}
      error={isWrong}
      helperText={isWrong ? t('edit.periodUnknown') : undefined}
      onChange={(event) => onChange(event.target.value)}
    >
      {value === null && <MenuItem value="">{t('common.none')}</MenuItem>}
      {[...own, ...periods].map((period) => (
        <MenuItem key={period} value={period}>
          {budgetPeriodLabel(t, period)}
        </MenuItem>
      ))}
    </TextField>
  );
}
