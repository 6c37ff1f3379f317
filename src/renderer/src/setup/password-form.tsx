import { Button, Stack, TextField } from '@mui/material';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

/** Asks for the password of a workspace that could not be opened without it. */
export function PasswordForm(props: {
  readonly name: string;
  readonly isBusy: boolean;
  readonly onSubmit: (password: string) => void;
}): ReactElement {
  const { t } = useTranslation();
  const [password, setPassword] = useState('');
  return (
    <Stack
      component="form"
      direction="row"
      sx={{ gap: 1, mt: 1.5 }}
      onSubmit={(event) => {
        event.preventDefault();
        if (password !== '') props.onSubmit(password);
      }}
    >
      <TextField
        autoFocus
        type="password"
        label={t('setup.known.passwordOf', { name: props.name })}
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        slotProps={{ htmlInput: { autoComplete: 'current-password', maxLength: 1000 } }}
        sx={{ flex: 1 }}
      />
      <Button type="submit" variant="contained" disabled={password === '' || props.isBusy}>
        {t('setup.known.open')}
      </Button>
    </Stack>
  );
}
