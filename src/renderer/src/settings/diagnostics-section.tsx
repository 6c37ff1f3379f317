import { Box, Button, Checkbox, FormControlLabel, Stack, Typography } from '@mui/material';
import { useId, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useProcedureQuery } from '../api/use-procedure';
import { CodeBlock } from '../ui/code-block';
import { Section } from '../ui/section';
import { ErrorState, LoadingLines } from '../ui/states';
import { useCsvExport } from '../lists/use-csv-export';

/** The diagnostics file: what it contains can be read before it is saved. */
export function DiagnosticsSection(): ReactElement {
  const { t } = useTranslation();
  const [withAddresses, setWithAddresses] = useState(false);
  const [isShown, setIsShown] = useState(false);
  const file = useCsvExport('settings', 'exportDiagnostics');
  const helpId = useId();
  return (
    <Section title={t('settings.diagnostics.title')} description={t('settings.diagnostics.description')}>
      <Stack sx={{ gap: 1.5, mt: 0.5 }}>
        <Box>
          <FormControlLabel
            label={t('settings.diagnostics.withAddresses')}
            control={
              <Checkbox
                size="small"
                checked={withAddresses}
                onChange={(_event, checked) => setWithAddresses(checked)}
                slotProps={{ input: { 'aria-describedby': helpId } }}
              />
            }
            slotProps={{ typography: { variant: 'body2' } }}
          />
          <Typography id={helpId} variant="caption" component="p" sx={{ m: 0, color: 'text.secondary' }}>
            {t('settings.diagnostics.withAddressesHelp')}
          </Typography>
        </Box>
        <Stack direction="row" sx={{ gap: 1, flexWrap: 'wrap' }}>
          <Button variant="contained" loading={file.busy} onClick={() => file.run({ withAddresses })}>
            {t('settings.diagnostics.save')}
          </Button>
          <Button variant="outlined" aria-expanded={isShown} onClick={() => setIsShown(!isShown)}>
            {t(isShown ? 'settings.diagnostics.hide' : 'settings.diagnostics.preview')}
          </Button>
        </Stack>
        {isShown && <Contents withAddresses={withAddresses} />}
      </Stack>
    </Section>
  );
}

function Contents({ withAddresses }: { readonly withAddresses: boolean }): ReactElement {
  const { t } = useTranslation();
  const query = useProcedureQuery(
    'settings',
    'diagnostics',
    { withAddresses },
    { staleTimeMs: 0, keepPrevious: true },
  );
  if (query.error !== null) {
    return (
      <ErrorState
        error={query.error}
        title={t('settings.diagnostics.failed')}
        onRetry={() => void query.refetch()}
      />
    );
  }
  if (query.data === undefined) return <LoadingLines lines={6} />;
  return <CodeBlock label={t('settings.diagnostics.contents')} text={query.data.text} />;
}
