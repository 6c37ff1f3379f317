import { MenuItem, Stack, TextField } from '@mui/material';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { EditedField } from './edited-field';

/**
 * `leave` is not touched; `clear` is unlimited, `never` no end and `none` nothing, none of which is an empty field; `all`
 * is every model.
 */
export type BulkChoice = 'leave' | 'set' | 'clear' | 'never' | 'none' | 'all' | 'active' | 'inactive';

interface BulkFieldProps {
  readonly label: string;
  readonly choice: BulkChoice;
  readonly options: readonly BulkChoice[];
  readonly onChoose: (choice: BulkChoice) => void;
  /** What the records have now. */
  readonly now: ReactNode;
  /** Where the value to set is given. */
  readonly children: ReactNode;
}

/** A field of several records: left as it is in each, or set to the same in all of them. */
export function BulkField({ label, choice, options, onChoose, now, children }: BulkFieldProps): ReactElement {
  const { t } = useTranslation();
  return (
    <EditedField label={label} isChanged={choice !== 'leave'} onReset={() => onChoose('leave')}>
      <Stack sx={{ gap: 1.25 }}>
        <TextField
          select
          fullWidth
          label={label}
          value={choice}
          onChange={(event) => {
            const chosen = options.find((option) => option === event.target.value);
            if (chosen !== undefined) onChoose(chosen);
          }}
          helperText={now}
          slotProps={{ formHelperText: { component: 'div' } }}
        >
          {options.map((option) => (
            <MenuItem key={option} value={option}>
              {t(`edit.bulk.choice.${option}`)}
            </MenuItem>
          ))}
        </TextField>
        {choice === 'set' && children}
      </Stack>
    </EditedField>
  );
}
