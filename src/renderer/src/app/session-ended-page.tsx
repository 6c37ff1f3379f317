import LogoutIcon from '@mui/icons-material/LogoutOutlined';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { PageHeader } from '../components/page-header';
import { EmptyState } from '../components/states';

/** Browser mode after the session was ended, expired, or never began: only a new address helps. */
export function SessionEndedPage(): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      <PageHeader title={t('app.name')} />
      <EmptyState
        icon={<LogoutIcon />}
        title={t('app.session.endedTitle')}
        body={t('app.session.endedBody')}
      />
    </>
  );
}
