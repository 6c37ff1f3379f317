import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { PageHeader } from '../ui/page-header';

/** Browser mode after the session was ended, expired, or never began: only a new address helps. */
export function SessionEndedPage(): ReactElement {
  const { t } = useTranslation();
  return <PageHeader title={t('app.session.endedTitle')} description={t('app.session.endedBody')} />;
}
