import { MenuItem, TextField } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

interface FilterSelectProps<Value extends string> {
  readonly label: string;
  readonly value: Value | undefined;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly onChange: (value: Value | undefined) => void;
}

/** One choice of a few, or all. */
export function FilterSelect<Value extends string>({
  label,
  value,
  options,
  onChange,
}: FilterSelectProps<Value>): ReactElement {
  const { t } = useTranslation();
  return (
    <TextField
      select
      label={label}
      value={value ?? ''}
      onChange={(event) => onChange(options.find((option) => option.value === event.target.value)?.value)}
      slotProps={{ inputLabel: { shrink: true }, select: { displayEmpty: true } }}
      sx={{ minWidth: 140 }}
    >
      <MenuItem value="">{t('common.all')}</MenuItem>
      {options.map((option) => (
        <MenuItem key={option.value} value={option.value}>
          {option.label}
        </MenuItem>
      ))}
    </TextField>
  );
}

interface BooleanFilterProps {
  readonly label: string;
  readonly value: boolean | undefined;
  readonly trueLabel: string;
  readonly falseLabel: string;
  readonly onChange: (value: boolean | undefined) => void;
}

/** A yes-or-no filter with words of its own: active or inactive. */
export function BooleanFilter({
  label,
  value,
  trueLabel,
  falseLabel,
  onChange,
}: BooleanFilterProps): ReactElement {
  return (
    <FilterSelect
      label={label}
      value={value === undefined ? undefined : value ? 'true' : 'false'}
      options={[
        { value: 'true', label: trueLabel },
        { value: 'false', label: falseLabel },
      ]}
      onChange={(next) => onChange(next === undefined ? undefined : next === 'true')}
    />
  );
}
