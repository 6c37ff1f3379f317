import { Button } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link as RouterLink } from 'react-router';
import { PageHeader } from '../ui/page-header';
import { EmptyState } from '../ui/states';

export function NotFoundPage(): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      <PageHeader title={t('app.notFound.title')} />
      <EmptyState
        title={t('app.notFound.body')}
        action={
          <Button component={RouterLink} to="/" variant="contained">
            {t('app.notFound.home')}
          </Button>
        }
      />
    </>
  );
}
