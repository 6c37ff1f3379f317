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
import type { EditedFieldName } from './edit-user';
import { useUserColumns } from './user-columns';
import { useUserRowActions } from './user-row-actions';

/** Everybody LiteMaaS knows. */
export function UsersScreen(): ReactElement {
  const { t } = useTranslation();
  const words = useFilterWords();
  const shown = useShownList(userDefinition);
  const { input } = shown.list;
  const bulk = useBulkUsers(shown.selection, input);
  const row = useUserRowActions(fieldOf(input.filters));
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
          attention: (odd) => t(`users.filter.attention.${odd}`),
          untold: words.untold,
        }}
      />
      {bulk.panel}
      {row.panel}
    </>
  );
}

/** What a list that is narrowed to what should be mended is about. */
function fieldOf(filters: {
  readonly emailMissing?: boolean | undefined;
  readonly attention?: string | undefined;
}): EditedFieldName | undefined {
  if (filters.emailMissing === true) return 'email';
  if (filters.attention === 'over_budget') return 'maxBudget';
  return filters.attention === 'both_admins' ? 'roles' : undefined;
}

function chosen(ids: string): { readonly count: number; readonly formatted: string } {
  const count = ids.split(',').length;
  return { count, formatted: formatCount(count) };
}

const rowName = ({ username }: UserRow): string => username;
