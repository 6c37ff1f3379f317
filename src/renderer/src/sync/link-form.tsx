import '../ui/zod-without-eval';
import { zodResolver } from '@hookform/resolvers/zod';
import {
  Accordion,
  AccordionDetails,
  AccordionSummary,
  Button,
  Stack,
  TextField,
  Typography,
} from '@mui/material';
import ExpandMoreIcon from '@mui/icons-material/ExpandMore';
import { useState, type ReactElement } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { syncContract, type ProxyReport } from '../../../shared/contract/sync';
import { toApiError, type ApiError } from '../api/api-error';
import { call } from '../api/client';
import { ErrorState } from '../ui/states';
import { ProxyReportView } from './proxy-report';

interface LinkFormProps {
  readonly initialBaseUrl: string;
  readonly initialHeaderName: string;
  readonly initialCaFile: string | null;
  readonly initialProxy: string | null;
  readonly onLinked: (report: ProxyReport) => void;
}

type Outcome =
  | { readonly state: 'idle' | 'testing' | 'linking' }
  | { readonly state: 'tested'; readonly report: ProxyReport }
  | { readonly state: 'failed'; readonly error: ApiError; readonly was: 'testing' | 'linking' };

/** Address, key and header of a proxy. Testing stores nothing; the key never comes back. */
export function LinkForm({
  initialBaseUrl,
  initialHeaderName,
  initialCaFile,
  initialProxy,
  onLinked,
}: LinkFormProps): ReactElement {
  const { t } = useTranslation();
  const [outcome, setOutcome] = useState<Outcome>({ state: 'idle' });
  const { register, handleSubmit, formState, reset } = useForm({
    resolver: zodResolver(syncContract.link.input),
    defaultValues: {
      baseUrl: initialBaseUrl,
      apiKey: '',
      headerName: initialHeaderName,
      caFile: initialCaFile,
      proxy: initialProxy,
    },
  });
  const { errors } = formState;
  const isBusy = outcome.state === 'testing' || outcome.state === 'linking';

  const send = (was: 'testing' | 'linking'): (() => void) => {
    const submit = handleSubmit(async (input) => {
      setOutcome({ state: was });
      try {
        if (was === 'testing') setOutcome({ state: 'tested', report: await call('sync', 'test', input) });
        else {
          const report = await call('sync', 'link', input);
          reset();
          setOutcome({ state: 'idle' });
          onLinked(report);
        }
      } catch (error) {
        setOutcome({ state: 'failed', error: toApiError(error), was });
      }
    });
    return () => void submit();
  };

  return (
    <Stack
      component="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        send('linking')();
      }}
      sx={{ gap: 2, maxWidth: 720 }}
    >
      <TextField
        label={t('sync.form.baseUrl')}
        placeholder="https://litellm.example.com"
        {...register('baseUrl')}
        error={errors.baseUrl !== undefined}
        helperText={t(errors.baseUrl === undefined ? 'sync.form.baseUrlHelp' : 'sync.form.baseUrlError')}
        slotProps={{ htmlInput: { autoComplete: 'off', spellCheck: false, inputMode: 'url' } }}
      />
      <TextField
        type="password"
        label={t('sync.form.apiKey')}
        {...register('apiKey')}
        error={errors.apiKey !== undefined}
        helperText={t(errors.apiKey === undefined ? 'sync.form.apiKeyHelp' : 'sync.form.apiKeyError')}
        slotProps={{ htmlInput: { autoComplete: 'off' } }}
      />
      <Accordion variant="outlined" disableGutters sx={{ '&::before': { display: 'none' } }}>
        <AccordionSummary expandIcon={<ExpandMoreIcon />}>
          <Typography variant="body2">{t('sync.form.advanced')}</Typography>
        </AccordionSummary>
        <AccordionDetails>
          <TextField
            fullWidth
            label={t('sync.form.headerName')}
            {...register('headerName')}
            error={errors.headerName !== undefined}
            helperText={t(
              errors.headerName === undefined ? 'sync.form.headerNameHelp' : 'sync.form.headerNameError',
            )}
            slotProps={{ htmlInput: { autoComplete: 'off', spellCheck: false } }}
          />
          <TextField
            fullWidth
            margin="normal"
            label={t('sync.form.caFile')}
            {...register('caFile', { setValueAs: emptyAsNull })}
            error={errors.caFile !== undefined}
            helperText={t(errors.caFile === undefined ? 'sync.form.caFileHelp' : 'sync.form.caFileError')}
            slotProps={{ htmlInput: { autoComplete: 'off', spellCheck: false } }}
          />
          <TextField
            fullWidth
            margin="normal"
            label={t('sync.form.proxy')}
            placeholder="http://proxy.example.com:3128"
            {...register('proxy', { setValueAs: emptyAsNull })}
            error={errors.proxy !== undefined}
            helperText={t(errors.proxy === undefined ? 'sync.form.proxyHelp' : 'sync.form.proxyError')}
            slotProps={{ htmlInput: { autoComplete: 'off', spellCheck: false, inputMode: 'url' } }}
          />
        </AccordionDetails>
      </Accordion>
      <Stack direction="row" sx={{ gap: 1 }}>
        <Button type="submit" variant="contained" disabled={isBusy} loading={outcome.state === 'linking'}>
          {t('sync.form.link')}
        </Button>
        <Button
          variant="outlined"
          disabled={isBusy}
          loading={outcome.state === 'testing'}
          onClick={send('testing')}
        >
          {t('sync.form.test')}
        </Button>
      </Stack>
      {outcome.state === 'tested' && <ProxyReportView report={outcome.report} />}
      {outcome.state === 'failed' && (
        <ErrorState
          error={outcome.error}
          title={t(outcome.was === 'testing' ? 'sync.form.testFailed' : 'sync.form.failed')}
        />
      )}
    </Stack>
  );
}

/** An empty field means that there is none. */
function emptyAsNull(value: string | null): string | null {
  return value === null || value.trim() === '' ? null : value.trim();
}
