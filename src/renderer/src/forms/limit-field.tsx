import { FormControlLabel, Stack, Switch, TextField } from '@mui/material';
import { useState, type ReactElement, type Ref } from 'react';
import { useTranslation } from 'react-i18next';

interface LimitFieldProps {
  readonly label: string;
  /** Decimal text; null is unlimited. */
  readonly value: string | null;
  readonly onChange: (value: string | null) => void;
  readonly isWrong: boolean;
  readonly helperText: string | undefined;
  readonly autoFocus?: boolean;
  readonly inputRef?: Ref<HTMLInputElement>;
}

/** A ceiling: an amount or a count, or none at all, which is a choice of its own and no empty field. */
export function LimitField(props: LimitFieldProps): ReactElement {
  const { label, value, onChange, isWrong, helperText, autoFocus = false, inputRef } = props;
  const { t } = useTranslation();
  // What stood there before comes back when the switch was only tried.
  const [last, setLast] = useState(value ?? '');
  return (
    <Stack direction="row" sx={{ gap: 1.5, alignItems: 'flex-start', flexWrap: 'wrap' }}>
      <TextField
        sx={{ flex: '1 1 160px' }}
        label={label}
        inputRef={inputRef}
        autoFocus={autoFocus && value !== null}
        value={value ?? ''}
        disabled={value === null}
        error={isWrong}
        helperText={helperText}
        onChange={(event) => {
          setLast(event.target.value);
          onChange(event.target.value);
        }}
        slotProps={{ htmlInput: { inputMode: 'decimal', autoComplete: 'off' } }}
      />
      <FormControlLabel
        control={
          <Switch
            checked={value === null}
            autoFocus={autoFocus && value === null}
            onChange={(_event, isUnlimited) => onChange(isUnlimited ? null : last)}
            slotProps={{ input: { 'aria-label': t('common.limitless', { label }) } }}
          />
        }
        label={t('common.unlimited')}
        sx={{ mt: 0.25 }}
      />
    </Stack>
  );
}
