import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { UserRow } from '../../../shared/contract/users';
import { knownRoles, userDefinition } from '../../../shared/records/users';
import { useFilterWords } from '../records/filter-words';
import { RecordListScreen, useShownList } from '../records/record-list-screen';
import { roleLabel } from '../records/role-label';
import { formatCount } from '../ui/format';
import { NewUserButton } from './create/new-user-button';
import { useBulkUsers } from './bulk-users';
import { useUserColumns } from './user-columns';
import { useUserRowActions } from './user-row-actions';

/** Everybody LiteMaaS knows. */
export function UsersScreen(): ReactElement {
  const { t } = useTranslation();
  const words = useFilterWords();
  const shown = useShownList(userDefinition);
  const { input } = shown.list;
  const bulk = useBulkUsers(shown.selection, input);
  const row = useUserRowActions(input.filters.emailMissing === true ? 'email' : undefined);
  return (
    <>
      <RecordListScreen
        shown={shown}
        columns={useUserColumns()}
        actions={<NewUserButton />}
        rowName={rowName}
        rowActions={row.actions}
        bulkActions={bulk.actions}
        filters={{
          active: words.active,
          role: {
            label: t('users.filter.role'),
            choices: knownRoles,
            word: (role) => roleLabel(t, role),
          },
          teamId: { label: t('users.filter.team') },
          syncStatus: words.syncStatus,
          emailMissing: {
            label: t('users.filter.email'),
            true: t('users.filter.emailMissing'),
            false: t('users.filter.emailKnown'),
          },
          ids: (ids) => t('users.filter.ids', chosen(ids)),
          sameEmail: (is) => t(is ? 'users.filter.sameEmail' : 'users.filter.notSameEmail'),
          untold: (is) => t(is ? 'records.untold.filter' : 'records.untold.filterTold'),
        }}
      />
      {bulk.panel}
      {row.panel}
    </>
  );
}

function chosen(ids: string): { readonly count: number; readonly formatted: string } {
  const count = ids.split(',').length;
  return { count, formatted: formatCount(count) };
}

const rowName = ({ username }: UserRow): string => username;
