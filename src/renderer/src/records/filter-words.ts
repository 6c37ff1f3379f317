import { useTranslation } from 'react-i18next';

/** What the fields of filters say that several lists have. */
export function useFilterWords() {
  const { t } = useTranslation();
  return {
    active: {
      label: t('records.state'),
      true: t('common.status.active'),
      false: t('common.status.inactive'),
    },
    syncStatus: {
      label: t('records.syncStatus'),
      word: (status: string) => t(`common.status.${status as 'pending' | 'synced' | 'error'}`),
    },
    user: { label: t('records.user') },
    team: { label: t('records.team') },
    model: { label: t('records.model') },
    untold: (is: boolean) => t(is ? 'records.untold.filter' : 'records.untold.filterTold'),
  };
}
