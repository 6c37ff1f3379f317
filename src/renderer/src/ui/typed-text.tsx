import { TextField } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

interface TypedTextProps {
  /** What has to be typed. */
  readonly expected: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Asks for a name to be typed before what bears it is destroyed. */
export function TypedText({ expected, value, onChange }: TypedTextProps): ReactElement {
  const { t } = useTranslation();
  return (
    <TextField
      label={t('common.confirm.typeToConfirm', { text: expected })}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      slotProps={{ htmlInput: { autoComplete: 'off', spellCheck: false } }}
      sx={{ mt: 1 }}
    />
  );
}
