import '../app/zod-without-eval';
import { zodResolver } from '@hookform/resolvers/zod';
import {
  Box,
  Button,
  FormControlLabel,
  Radio,
  RadioGroup,
  Stack,
  TextField,
  Typography,
} from '@mui/material';
import { useId, type ReactElement } from 'react';
import { Controller, useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { workspaceContract } from '../../../shared/contract/workspace';
import { useJob } from '../api/use-job';
import { JobProgress } from '../components/job-progress';
import { ErrorState } from '../components/states';

/** Name, URI, password and access of a server. Nothing in it is changed by connecting. */
export function ConnectForm(): ReactElement {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const accessLabel = useId();
  const job = useJob('workspace', 'connect', () => void navigate('/'));
  const { control, register, handleSubmit, formState } = useForm({
    resolver: zodResolver(workspaceContract.connect.input),
    defaultValues: { name: '', uri: '', password: '', access: 'read-only' as const },
  });
  const { errors } = formState;
  const submit = handleSubmit(({ password, ...rest }) => {
    job.start({ ...rest, ...(password === undefined || password === '' ? {} : { password }) });
  });
  return (
    <Stack component="form" noValidate onSubmit={(event) => void submit(event)} sx={{ gap: 2, pt: 1 }}>
      <TextField
        label={t('setup.connect.name')}
        {...register('name')}
        error={errors.name !== undefined}
        helperText={errors.name === undefined ? t('setup.connect.nameHelp') : t('setup.connect.nameError')}
        slotProps={{ htmlInput: { maxLength: 80, autoComplete: 'off' } }}
      />
      <TextField
        label={t('setup.connect.uri')}
        placeholder="postgresql://user@host:5432/database?sslmode=verify-full"
        {...register('uri')}
        error={errors.uri !== undefined}
        helperText={errors.uri === undefined ? t('setup.connect.uriHelp') : t('setup.connect.uriError')}
        slotProps={{ htmlInput: { autoComplete: 'off', spellCheck: false }, inputLabel: { shrink: true } }}
      />
      <TextField
        type="password"
        label={t('setup.connect.password')}
        {...register('password')}
        helperText={t('setup.connect.passwordHelp')}
        slotProps={{ htmlInput: { autoComplete: 'off' } }}
      />
      <Box>
        <Typography variant="caption" id={accessLabel} sx={{ color: 'text.secondary', fontWeight: 500 }}>
          {t('setup.connect.access')}
        </Typography>
        <Controller
          name="access"
          control={control}
          render={({ field }) => (
            <RadioGroup {...field} aria-labelledby={accessLabel}>
              {(['read-only', 'administer'] as const).map((access) => (
                <FormControlLabel
                  key={access}
                  value={access}
                  control={<Radio size="small" sx={{ py: 0.5 }} />}
                  label={t(access === 'read-only' ? 'setup.connect.readOnly' : 'setup.connect.administer')}
                  slotProps={{ typography: { variant: 'body2' } }}
                />
              ))}
            </RadioGroup>
          )}
        />
      </Box>
      <Box>
        <Button type="submit" variant="contained" disabled={job.busy}>
          {t('setup.connect.submit')}
        </Button>
      </Box>
      {job.job !== null && (
        <JobProgress job={job.job} onCancel={job.cancel} failedTitle={t('setup.connect.failed')} />
      )}
      {job.startError !== null && <ErrorState error={job.startError} title={t('setup.connect.failed')} />}
    </Stack>
  );
}
