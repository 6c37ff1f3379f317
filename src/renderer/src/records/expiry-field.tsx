import { FormControlLabel, Stack, Switch, TextField } from '@mui/material';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useWorkspace } from '../api/app-state';
import { addDays, dayIn } from '../charts/calendar';

interface ExpiryDayProps {
  readonly label: string;
  /** A day that was picked, or the instant at which it ends now. */
  readonly value: string;
  readonly onChange: (day: string) => void;
  readonly isWrong: boolean;
}

/** The last day on which something works, to its end in the reporting zone. */
export function ExpiryDay({ label, value, onChange, isWrong }: ExpiryDayProps): ReactElement {
  const { t } = useTranslation();
  const zone = useWorkspace()?.reportingTimeZone ?? 'UTC';
  const help = zone === 'UTC' ? t('edit.expiry.dayUtc') : t('edit.expiry.day', { zone });
  return (
    <TextField
      fullWidth
      type="date"
      label={label}
      value={value.includes('T') ? dayIn(zone, new Date(value)) : value}
      error={isWrong}
      helperText={isWrong ? t('edit.expiry.missing') : help}
      onChange={(event) => onChange(event.target.value)}
      slotProps={{ inputLabel: { shrink: true }, htmlInput: { min: dayIn(zone, new Date()) } }}
    />
  );
}

interface ExpiryFieldProps extends Omit<ExpiryDayProps, 'value' | 'onChange'> {
  /** NULL: never. */
  readonly value: string | null;
  readonly onChange: (value: string | null) => void;
}

const proposedDays = 90;

/** When something ends, or that it never does, which is a choice of its own and no empty field. */
export function ExpiryField({ label, value, onChange, isWrong }: ExpiryFieldProps): ReactElement {
  const { t } = useTranslation();
  const zone = useWorkspace()?.reportingTimeZone ?? 'UTC';
  const [last, setLast] = useState(value);
  return (
    <Stack sx={{ gap: 0.5 }}>
      <FormControlLabel
        control={
          <Switch
            checked={value === null}
            onChange={(_event, isNever) =>
              onChange(isNever ? null : (last ?? addDays(dayIn(zone, new Date()), proposedDays)))
            }
          />
        }
        label={t('edit.expiry.never')}
      />
      {value !== null && (
        <ExpiryDay
          label={label}
          value={value}
          isWrong={isWrong}
          onChange={(day) => {
            setLast(day);
            onChange(day);
          }}
        />
      )}
    </Stack>
  );
}
