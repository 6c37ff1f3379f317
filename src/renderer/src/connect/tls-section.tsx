import ExpandMoreIcon from '@mui/icons-material/ExpandMore';
import {
  Accordion,
  AccordionDetails,
  AccordionSummary,
  Alert,
  Box,
  Checkbox,
  FormControlLabel,
  MenuItem,
  Stack,
  TextField,
  Typography,
} from '@mui/material';
import { useId, useState, type ReactElement } from 'react';
import { useController, useFormContext, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { channelBindings, tlsModes } from '../../../shared/contract/workspace';
import { Section } from '../ui/section';
import { ChoiceGroup } from '../forms/choice-group';
import { isThisMachine, verifies, type ConnectionValues } from './connection-values';
import { FormTextField } from './form-text-field';

/** How the connection is protected. Over a socket there is nothing to protect. */
export function TlsSection(): ReactElement {
  const { t } = useTranslation();
  const { control, setValue } = useFormContext<ConnectionValues>();
  const { field } = useController({ control, name: 'tlsMode' });
  const [way, host] = useWatch({ control, name: ['way', 'host'] });
  if (way === 'socket') {
    return (
      <Section title={t('connect.tls.title')}>
        <Typography variant="body2">{t('connect.tls.socket')}</Typography>
        <WeakSignIn />
      </Section>
    );
  }
  const isExposed = host.trim() !== '' && !isThisMachine(host);
  return (
    <Section title={t('connect.tls.title')}>
      <Stack sx={{ gap: 2, pt: 0.5 }}>
        <ChoiceGroup
          label={t('connect.tls.mode')}
          name="tlsMode"
          value={field.value}
          onChange={(mode) => {
            field.onChange(mode);
            setValue('tlsModeChosen', true);
          }}
          // The safest first; the contract's order is PostgreSQL's, which begins with the weakest.
          choices={tlsModes.toReversed().map((mode) => ({
            value: mode,
            label: t(`connect.tls.modes.${mode}`),
            help: t(`connect.tls.help.${mode}`),
          }))}
        />
        {isExposed && (field.value === 'disable' || field.value === 'require') && (
          <Alert severity={field.value === 'disable' ? 'error' : 'warning'}>
            {t(`connect.tls.exposed.${field.value}`)}
          </Alert>
        )}
        {verifies(field.value) && (
          <FormTextField
            name="caFile"
            label={t('connect.tls.caFile')}
            placeholder="/etc/ssl/certs/my-ca.pem"
            help={t('connect.tls.caFileHelp')}
          />
        )}
        {field.value !== 'disable' && <ClientCertificate />}
        {field.value !== 'disable' && <ChannelBinding />}
        {!verifies(field.value) && <WeakSignIn />}
      </Stack>
    </Section>
  );
}

function ChannelBinding(): ReactElement {
  const { t } = useTranslation();
  const { control } = useFormContext<ConnectionValues>();
  const { field } = useController({ control, name: 'channelBinding' });
  return (
    <TextField
      {...field}
      inputRef={field.ref}
      select
      size="small"
      label={t('connect.tls.channelBinding')}
      helperText={t('connect.tls.channelBindingHelp')}
    >
      {channelBindings.map((binding) => (
        <MenuItem key={binding} value={binding}>
          {t(`connect.tls.channelBindings.${binding}`)}
        </MenuItem>
      ))}
    </TextField>
  );
}

/** The exception from "only SCRAM": offered only where nobody verifies who gets the password. */
function WeakSignIn(): ReactElement {
  const { t } = useTranslation();
  const { control } = useFormContext<ConnectionValues>();
  const { field } = useController({ control, name: 'weakSignInAllowed' });
  const id = useId();
  return (
    <Box>
      <FormControlLabel
        control={
          <Checkbox
            size="small"
            checked={field.value}
            onChange={(_event, checked) => field.onChange(checked)}
            slotProps={{ input: { ref: field.ref, 'aria-describedby': id } }}
            sx={{ py: 0.375 }}
          />
        }
        label={t('connect.tls.weakSignIn')}
        slotProps={{ typography: { variant: 'body2' } }}
      />
      <Typography
        id={id}
        variant="caption"
        component="p"
        sx={{ pl: '26px', color: field.value ? 'warning.main' : 'text.secondary' }}
      >
        {t('connect.tls.weakSignInHelp')}
      </Typography>
    </Box>
  );
}

/** For servers that want a certificate of the client; most want a password. */
function ClientCertificate(): ReactElement {
  const { t } = useTranslation();
  const { control, formState } = useFormContext<ConnectionValues>();
  const [certificate, key] = useWatch({ control, name: ['clientCertificateFile', 'clientKeyFile'] });
  const { errors } = formState;
  const [isOpen, setIsOpen] = useState(certificate !== '' || key !== '');
  const isWrong = errors.clientCertificateFile !== undefined || errors.clientKeyFile !== undefined;
  return (
    <Accordion
      variant="outlined"
      disableGutters
      expanded={isOpen || isWrong}
      onChange={(_event, expanded) => setIsOpen(expanded)}
      sx={{ '&::before': { display: 'none' } }}
    >
      <AccordionSummary expandIcon={<ExpandMoreIcon />}>
        <Typography variant="body2">{t('connect.tls.clientCertificate')}</Typography>
      </AccordionSummary>
      <AccordionDetails>
        <Stack sx={{ gap: 2 }}>
          <Typography variant="body2" sx={{ color: 'text.secondary' }}>
            {t('connect.tls.clientCertificateHelp')}
          </Typography>
          <FormTextField
            name="clientCertificateFile"
            label={t('connect.tls.certificateFile')}
            placeholder="/home/me/.postgresql/postgresql.crt"
          />
          <FormTextField
            name="clientKeyFile"
            label={t('connect.tls.keyFile')}
            placeholder="/home/me/.postgresql/postgresql.key"
          />
        </Stack>
      </AccordionDetails>
    </Accordion>
  );
}
