import {
  Alert,
  Autocomplete,
  Box,
  Button,
  createFilterOptions,
  Stack,
  TextField,
  Typography,
} from '@mui/material';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useCanWrite, useWorkspace } from '../api/app-state';
import { useJob } from '../api/use-job';
import { JobOutcome } from '../ui/job-outcome';
import { notify } from '../ui/notifications';
import { Section } from '../ui/section';
import { ZonePreview } from './zone-preview';

const shownAtOnce = 100;
const someZones = createFilterOptions<string>({ limit: shownAtOnce });

/** The zone of the open database, and changing it: first what that touches, then the work itself. */
export function ReportingZoneSection(): ReactElement | null {
  const { t } = useTranslation();
  const workspace = useWorkspace();
  const canWrite = useCanWrite();
  const [wanted, setWanted] = useState<string | null>(null);
  const job = useJob('settings', 'changeReportingTimeZone', ({ timeZone }) => {
    setWanted(null);
    notify('success', t('settings.zone.done', { timeZone }));
  });
  if (workspace === null) return null;
  const current = workspace.reportingTimeZone;
  return (
    <Section title={t('settings.zone.title')} description={t('settings.zone.description')}>
      <Stack sx={{ gap: 2, mt: 0.5 }}>
        <Box>
          <Typography variant="caption" component="div" sx={{ color: 'text.secondary', fontWeight: 500 }}>
            {t('settings.zone.current')}
          </Typography>
          <Typography variant="body2" sx={{ fontWeight: 600 }}>
            {current}
          </Typography>
        </Box>
        {canWrite ? (
          <Autocomplete
            // Browsers and PostgreSQL know some zones by different names (Katmandu, Kathmandu): any can be typed.
            freeSolo
            options={timeZones(current)}
            filterOptions={someZones}
            value={wanted}
            disabled={job.busy}
            onChange={(_event, zone) => setWanted(zone)}
            renderInput={(params) => (
              <TextField
                {...params}
                label={t('settings.zone.choose')}
                helperText={t('settings.zone.chooseHelp')}
              />
            )}
            sx={{ maxWidth: 420 }}
          />
        ) : (
          <Alert severity="info">{t('settings.zone.readOnly')}</Alert>
        )}
        {wanted !== null && canWrite && !job.busy && (
          <ZonePreview timeZone={wanted}>
            <Button variant="contained" onClick={() => job.start({ timeZone: wanted })}>
              {t('settings.zone.change', { timeZone: wanted })}
            </Button>
          </ZonePreview>
        )}
        <JobOutcome job={job} failedTitle={t('settings.zone.failed')} />
      </Stack>
    </Section>
  );
}

/** UTC first, then this machine's own, then all others; not the one that holds already. */
function timeZones(current: string): string[] {
  const own = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const all = new Set(['UTC', own, ...Intl.supportedValuesOf('timeZone')]);
  all.delete(current);
  return [...all];
}
