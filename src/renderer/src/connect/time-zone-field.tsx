import { Autocomplete, createFilterOptions, TextField } from '@mui/material';
import type { ReactElement } from 'react';
import { useController, useFormContext } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import type { ConnectionValues } from './connection-values';

const shownAtOnce = 100;
const someZones = createFilterOptions<string>({ limit: shownAtOnce });

/** The zone in which days and months of usage are cut. */
export function TimeZoneField(): ReactElement {
  const { t } = useTranslation();
  const { control } = useFormContext<ConnectionValues>();
  const { field, fieldState } = useController({ control, name: 'reportingTimeZone' });
  return (
    <Autocomplete
      disableClearable
      options={timeZones(field.value)}
      filterOptions={someZones}
      value={field.value}
      onChange={(_event, zone) => field.onChange(zone)}
      noOptionsText={t('connect.settings.noTimeZone')}
      renderInput={(params) => (
        <TextField
          {...params}
          label={t('connect.settings.timeZone')}
          inputRef={field.ref}
          onBlur={field.onBlur}
          error={fieldState.error !== undefined}
          helperText={
            fieldState.error === undefined
              ? t('connect.settings.timeZoneHelp')
              : t('connect.errors.reportingTimeZone')
          }
        />
      )}
    />
  );
}

/** UTC first, then this machine's own, then all others; a zone that only the profile knows stays choosable. */
function timeZones(chosen: string): string[] {
  const own = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return [...new Set(['UTC', own, chosen, ...Intl.supportedValuesOf('timeZone')])];
}
