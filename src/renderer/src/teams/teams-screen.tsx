import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { TeamRow } from '../../../shared/contract/teams';
import { teamDefinition } from '../../../shared/records/teams';
import { useFilterWords } from '../records/filter-words';
import { RecordListScreen, useShownList } from '../records/record-list-screen';
import { NewTeamButton } from './new-team-button';
import { useBulkTeams } from './bulk-teams';
import { useTeamColumns } from './team-columns';
import { useTeamRowActions } from './team-row-actions';

/** Every team. */
export function TeamsScreen(): ReactElement {
  const { t } = useTranslation();
  const words = useFilterWords();
  const shown = useShownList(teamDefinition);
  const bulk = useBulkTeams(shown.selection, shown.list.input);
  const row = useTeamRowActions();
  return (
    <>
      <RecordListScreen
        shown={shown}
        columns={useTeamColumns()}
        actions={<NewTeamButton />}
        rowName={rowName}
        rowActions={row.actions}
        bulkActions={bulk.actions}
        filters={{
          active: words.active,
          userId: { label: t('teams.filter.member') },
          syncStatus: words.syncStatus,
          createdBy: () => t('teams.filter.createdBy'),
          untold: words.untold,
        }}
      />
      {bulk.panel}
      {row.panel}
    </>
  );
}

const rowName = ({ name }: TeamRow): string => name;
