import VisibilityIcon from '@mui/icons-material/VisibilityOutlined';
import VisibilityOffIcon from '@mui/icons-material/VisibilityOffOutlined';
import {
  Alert,
  Button,
  Checkbox,
  FormControlLabel,
  IconButton,
  InputAdornment,
  Stack,
  TextField,
  Tooltip,
  Typography,
} from '@mui/material';
import { useState, type ReactElement } from 'react';
import { useController, useFormContext } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { useProcedureQuery } from '../api/use-procedure';
import { AllowUnprotected } from './allow-unprotected';
import type { ConnectionValues, passwordOfUri } from './connection-values';

interface PasswordFieldProps {
  readonly emptyPasswordHelp: string;
  /** What becomes of the one in the pasted URI as long as none is typed. */
  readonly uriPassword: ReturnType<typeof passwordOfUri>;
}

/** The password, and where it is kept. Pasting and password managers are welcome. */
export function PasswordField(props: PasswordFieldProps): ReactElement {
  const { emptyPasswordHelp, uriPassword } = props;
  const { t } = useTranslation();
  const { control, setValue } = useFormContext<ConnectionValues>();
  const { field } = useController({ control, name: 'password' });
  const { field: remember } = useController({ control, name: 'rememberPassword' });
  const [isShown, setIsShown] = useState(false);
  const toggle = t(isShown ? 'connect.password.hide' : 'connect.password.show');
  return (
    <Stack sx={{ gap: 1 }}>
      <TextField
        fullWidth
        type={isShown ? 'text' : 'password'}
        label={t('connect.password.label')}
        name={field.name}
        value={field.value}
        inputRef={field.ref}
        onBlur={field.onBlur}
        onChange={field.onChange}
        helperText={uriPassword === 'none' ? emptyPasswordHelp : t(`connect.password.uri.${uriPassword}`)}
        slotProps={{
          htmlInput: { autoComplete: 'current-password', spellCheck: false, maxLength: 1000 },
          input: {
            endAdornment: (
              <InputAdornment position="end">
                <Tooltip title={toggle}>
                  <IconButton
                    edge="end"
                    size="small"
                    aria-label={toggle}
                    onClick={() => setIsShown(!isShown)}
                  >
                    {isShown ? <VisibilityOffIcon fontSize="small" /> : <VisibilityIcon fontSize="small" />}
                  </IconButton>
                </Tooltip>
              </InputAdornment>
            ),
          },
        }}
      />
      {uriPassword !== 'none' && (
        <Button
          size="small"
          onClick={() => setValue('uri', '', { shouldDirty: true })}
          sx={{ alignSelf: 'flex-start' }}
        >
          {t('connect.password.dropFromUri')}
        </Button>
      )}
      <FormControlLabel
        control={
          <Checkbox
            size="small"
            checked={remember.value}
            onChange={(event) => remember.onChange(event.target.checked)}
            sx={{ py: 0.25 }}
          />
        }
        label={t('connect.password.remember')}
        slotProps={{ typography: { variant: 'body2' } }}
      />
      {remember.value && <WhereItIsKept />}
    </Stack>
  );
}

/** Names the secret store and says whether it protects. */
function WhereItIsKept(): ReactElement | null {
  const { t } = useTranslation();
  const info = useProcedureQuery('app', 'info', {});
  if (info.data === undefined) return null;
  const { host, secretStore } = info.data;
  if (secretStore.state === 'protected') {
    return (
      <Typography variant="caption" sx={{ color: 'text.secondary' }}>
        {t('connect.password.keptIn', { backend: secretStore.backend })}
      </Typography>
    );
  }
  return (
    <Alert severity={secretStore.state === 'weak' ? 'warning' : 'info'} sx={{ py: 0.25 }}>
      {secretStore.message}
      {/* Only the desktop has a place on disk that protects nothing; the browser's host keeps secrets in memory. */}
      {host === 'desktop' && <AllowUnprotected isAllowed={secretStore.state === 'weak'} />}
    </Alert>
  );
}
