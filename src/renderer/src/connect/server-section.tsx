import { Box, Stack } from '@mui/material';
import { useController, useFormContext, useWatch } from 'react-hook-form';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Section } from '../ui/section';
import { ChoiceGroup } from '../forms/choice-group';
import { defaultTlsMode, passwordOfUri, type ConnectionValues } from './connection-values';
import { FormTextField } from './form-text-field';
import { PasswordField } from './password-field';

interface ServerSectionProps {
  /** Another way to fill the fields in. */
  readonly start?: ReactNode;
  /** What an empty password field means here: nothing needed, or the stored one. */
  readonly emptyPasswordHelp: string;
}

/** Where the server is, which database of it, and as whom. */
export function ServerSection({ start, ...password }: ServerSectionProps): ReactElement {
  const { t } = useTranslation();
  const { control, setValue, getValues } = useFormContext<ConnectionValues>();
  const { field: way } = useController({ control, name: 'way' });
  // Every field has a default, so none is missing.
  const uriPassword = passwordOfUri(useWatch({ control }) as ConnectionValues);
  return (
    <Section title={t('connect.server.title')}>
      <Stack sx={{ gap: 2, pt: 0.5 }}>
        {start}
        <ChoiceGroup
          row
          label={t('connect.server.way')}
          name="way"
          value={way.value}
          onChange={way.onChange}
          choices={[
            { value: 'host', label: t('connect.server.overTcp') },
            { value: 'socket', label: t('connect.server.overSocket') },
          ]}
        />
        <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: '1fr', sm: 'minmax(0, 1fr) 120px' } }}>
          {way.value === 'host' ? (
            <FormTextField
              name="host"
              label={t('connect.server.host')}
              placeholder="db.example.com"
              maxLength={255}
              onChanged={(host) => {
                if (!getValues('tlsModeChosen')) setValue('tlsMode', defaultTlsMode(host));
              }}
            />
          ) : (
            <FormTextField
              name="socketFolder"
              label={t('connect.server.socketFolder')}
              placeholder="/var/run/postgresql"
              help={t('connect.server.socketHelp')}
            />
          )}
          <FormTextField name="port" label={t('connect.server.port')} numeric maxLength={5} />
        </Box>
        <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: '1fr', sm: '1fr 1fr' } }}>
          <FormTextField name="database" label={t('connect.server.database')} maxLength={63} />
          <FormTextField
            name="user"
            label={t('connect.server.user')}
            autoComplete="username"
            maxLength={63}
          />
        </Box>
        <PasswordField {...password} uriPassword={uriPassword} />
      </Stack>
    </Section>
  );
}
