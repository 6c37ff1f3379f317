import {
  Alert,
  Autocomplete,
  Box,
  Checkbox,
  FormControlLabel,
  FormHelperText,
  Stack,
  TextField,
} from '@mui/material';
import { type ReactElement, type ReactNode, useId } from 'react';
import { useController, useFormContext, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { workspaceColours } from '../../../shared/contract/workspace';
import { isProduction } from '../ui/environment';
import { Swatch } from '../ui/swatch';
import { Section } from '../ui/section';
import { ChoiceGroup } from '../forms/choice-group';
import type { ConnectionValues } from './connection-values';
import { FormTextField } from './form-text-field';
import { TimeZoneField } from './time-zone-field';

/** Offered, not prescribed. No texts but values: "production" makes the console stricter whatever language it speaks. */
const usualLabels = ['development', 'staging', 'production'];

interface SettingsSectionProps {
  /** The name it gets when none is typed. */
  readonly suggestedName: string;
  /** Who the operator is; only an open database can tell whom to choose from. */
  readonly operator: ReactNode;
}

/** How the workspace is called, what it looks like, and what may be done in it. */
export function SettingsSection({ suggestedName, operator }: SettingsSectionProps): ReactElement {
  const { t } = useTranslation();
  const { control } = useFormContext<ConnectionValues>();
  const { field: colour } = useController({ control, name: 'colour' });
  return (
    <Section title={t('connect.settings.title')}>
      <Stack sx={{ gap: 2.25, pt: 0.5 }}>
        <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: '1fr', sm: '1fr 1fr' } }}>
          <FormTextField
            name="name"
            label={t('connect.settings.name')}
            placeholder={suggestedName}
            help={t('connect.settings.nameHelp')}
            maxLength={80}
          />
          <EnvironmentField />
        </Box>
        <ChoiceGroup
          row
          label={t('connect.settings.colour')}
          name="colour"
          value={colour.value}
          onChange={colour.onChange}
          choices={workspaceColours.map((value) => ({
            value,
            label: (
              <Stack direction="row" component="span" sx={{ alignItems: 'center', gap: 0.75 }}>
                {value !== '' && <Swatch colour={value} />}
                {t(`connect.settings.colours.${value === '' ? 'none' : value}`)}
              </Stack>
            ),
          }))}
        />
        <AccessChoice />
        <TimeZoneField />
        {operator}
      </Stack>
    </Section>
  );
}

/** Free text with suggestions. */
function EnvironmentField(): ReactElement {
  const { t } = useTranslation();
  const { control } = useFormContext<ConnectionValues>();
  const { field } = useController({ control, name: 'environmentLabel' });
  return (
    <Autocomplete
      freeSolo
      options={usualLabels}
      inputValue={field.value}
      onInputChange={(_event, text) => field.onChange(text)}
      renderInput={(params) => (
        <TextField
          {...params}
          label={t('connect.settings.environment')}
          inputRef={field.ref}
          onBlur={field.onBlur}
          helperText={t('connect.settings.environmentHelp')}
          slotProps={{
            ...params.slotProps,
            htmlInput: { ...params.slotProps.htmlInput, maxLength: 40, dir: 'auto' },
          }}
        />
      )}
    />
  );
}

/** Reading is the default; changing production is said twice. */
function AccessChoice(): ReactElement {
  const { t } = useTranslation();
  const { control } = useFormContext<ConnectionValues>();
  const { field } = useController({ control, name: 'access' });
  const environmentLabel = useWatch({ control, name: 'environmentLabel' });
  return (
    <Stack sx={{ gap: 1 }}>
      <ChoiceGroup
        label={t('connect.access.label')}
        name="access"
        value={field.value}
        onChange={field.onChange}
        choices={[
          {
            value: 'read-only',
            label: t('connect.access.readOnly'),
            help: t('connect.access.readOnlyHelp'),
          },
          {
            value: 'administer',
            label: t('connect.access.administer'),
            help: t('connect.access.administerHelp'),
          },
        ]}
      />
      {field.value === 'administer' && isProduction({ environmentLabel }) && (
        <Alert severity="warning">{t('connect.access.production')}</Alert>
      )}
      {field.value === 'administer' && <DueChoice />}
    </Stack>
  );
}

/** Whether this console runs what is due while the workspace is open. */
function DueChoice(): ReactElement {
  const { t } = useTranslation();
  const { control } = useFormContext<ConnectionValues>();
  const { field } = useController({ control, name: 'runsDue' });
  const helpId = useId();
  return (
    <Box>
      <FormControlLabel
        label={t('connect.due.label')}
        control={
          <Checkbox
            name={field.name}
            checked={field.value}
            onChange={field.onChange}
            onBlur={field.onBlur}
            slotProps={{ input: { ref: field.ref, 'aria-describedby': helpId } }}
          />
        }
      />
      <FormHelperText id={helpId} sx={{ ml: 4, mt: 0 }}>
        {t('connect.due.help')}
      </FormHelperText>
    </Box>
  );
}
