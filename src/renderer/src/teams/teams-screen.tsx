import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { teamDefinition } from '../../../shared/records/teams';
import { useFilterWords } from '../records/filter-words';
import { RecordListScreen, useShownList } from '../records/record-list-screen';
import { useTeamColumns } from './team-columns';

/** Every team. */
export function TeamsScreen(): ReactElement {
  const { t } = useTranslation();
  const words = useFilterWords();
  return (
    <RecordListScreen
      shown={useShownList(teamDefinition)}
      columns={useTeamColumns()}
      filters={{
        active: words.active,
        userId: { label: t('teams.filter.member') },
        syncStatus: words.syncStatus,
        createdBy: () => t('teams.filter.createdBy'),
      }}
    />
  );
}
