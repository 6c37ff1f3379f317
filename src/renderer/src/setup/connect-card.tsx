import { Button } from '@mui/material';
import { lazy, Suspense, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useJobs } from '../api/app-state';
import { Section } from '../components/section';
import { LoadingLines } from '../components/states';

// With it come the form library and the contract's schemas: not needed for the one click.
const ConnectForm = lazy(async () => ({ default: (await import('./connect-form')).ConnectForm }));

/** A PostgreSQL server of one's own, given by URI. */
export function ConnectCard(): ReactElement {
  const { t } = useTranslation();
  // After a reload the form opens by itself where its job is still running.
  const isConnecting = useJobs().some(
    ({ procedure, state }) => procedure === 'workspace.connect' && state === 'running',
  );
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Section title={t('setup.connect.title')} description={t('setup.connect.description')}>
      {isOpen || isConnecting ? (
        <Suspense fallback={<LoadingLines lines={4} />}>
          <ConnectForm />
        </Suspense>
      ) : (
        <Button variant="outlined" onClick={() => setIsOpen(true)}>
          {t('setup.connect.open')}
        </Button>
      )}
    </Section>
  );
}
