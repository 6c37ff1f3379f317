import { Button } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link as RouterLink } from 'react-router';
import { Section } from '../ui/section';

/** A PostgreSQL server of one's own: leads to the form, whose code is not needed for the one click. */
export function ConnectCard(): ReactElement {
  const { t } = useTranslation();
  return (
    <Section title={t('setup.connect.title')} description={t('setup.connect.description')}>
      <Button component={RouterLink} to="/connect" variant="outlined" sx={{ mt: 0.5 }}>
        {t('setup.connect.open')}
      </Button>
    </Section>
  );
}
