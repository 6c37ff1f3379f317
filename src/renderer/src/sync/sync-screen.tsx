import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { PageHeader } from '../components/page-header';

export function SyncScreen(): ReactElement {
  const { t } = useTranslation();
  return <PageHeader title={t('app.navigation.sync')} />;
}
