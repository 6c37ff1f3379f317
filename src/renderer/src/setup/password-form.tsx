import { Button, Checkbox, FormControlLabel, Stack, TextField } from '@mui/material';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ProfileSummary } from '../../../shared/contract/workspace';
import { useProcedureQuery } from '../api/use-procedure';

/** A password and whether the person wants it kept for the next time. */
export interface TypedPassword {
  readonly password: string;
  readonly rememberPassword: boolean;
}

/** Asks for the password of a workspace that could not be opened without it. */
export function PasswordForm(props: {
  readonly workspace: Pick<ProfileSummary, 'id' | 'name'>;
  readonly isBusy: boolean;
  readonly onSubmit: (typed: TypedPassword) => void;
}): ReactElement {
  const { t } = useTranslation();
  const [password, setPassword] = useState('');
  const [chosen, setChosen] = useState<boolean | null>(null);
  const known = useProcedureQuery(
    'workspace',
    'get',
    { workspaceId: props.workspace.id },
    { staleTimeMs: 0 },
  );
  // Who did not want it remembered before does not have to say so each time.
  const rememberPassword = chosen ?? (known.data !== undefined && known.data.password !== 'absent');
  return (
    <Stack
      component="form"
      sx={{ gap: 0.5, mt: 1.5 }}
      onSubmit={(event) => {
        event.preventDefault();
        if (password !== '') props.onSubmit({ password, rememberPassword });
      }}
    >
      <Stack direction="row" sx={{ gap: 1 }}>
        <TextField
          autoFocus
          type="password"
          label={t('setup.known.passwordOf', { name: props.workspace.name })}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          slotProps={{ htmlInput: { autoComplete: 'current-password', maxLength: 1000 } }}
          sx={{ flex: 1 }}
        />
        <Button type="submit" variant="contained" disabled={password === '' || props.isBusy}>
          {t('setup.known.open')}
        </Button>
      </Stack>
      <FormControlLabel
        control={
          <Checkbox
            size="small"
            checked={rememberPassword}
            onChange={(event) => setChosen(event.target.checked)}
            sx={{ py: 0.25 }}
          />
        }
        label={t('setup.known.rememberPassword')}
        slotProps={{ typography: { variant: 'body2' } }}
        sx={{ alignSelf: 'flex-start' }}
      />
    </Stack>
  );
}
