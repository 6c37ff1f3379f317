import { TextField } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { DraftProps } from './draft';

const help = { email: 'emailHelp', username: 'usernameHelp' } as const;

/** Who one new person is. */
export function PersonFields({ draft, wrong, onChange }: DraftProps): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      {(['email', 'username', 'fullName'] as const).map((name) => (
        <TextField
          key={name}
          fullWidth
          label={t(`users.edit.${name}`)}
          value={draft[name]}
          error={wrong.has(name)}
          helperText={
            wrong.has(name) ? t('common.invalid') : name !== 'fullName' && t(`users.create.${help[name]}`)
          }
          onChange={(event) => onChange({ [name]: event.target.value })}
          slotProps={{ htmlInput: { maxLength: 255, autoComplete: 'off', spellCheck: false, dir: 'auto' } }}
        />
      ))}
    </>
  );
}
