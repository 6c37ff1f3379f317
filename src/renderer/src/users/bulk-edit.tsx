import { Autocomplete, TextField } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldName } from '../review/field-values';
import { userChanges, type UserRow } from '../../../shared/contract/users';
import { knownRoles } from '../../../shared/records/users';
import { roleLabel } from '../records/role-label';
import { BulkEditPanel, bulkLimit, bulkState, bulkValue } from '../review/bulk-edit';
import { formatCount } from '../ui/format';
import { reviewUsers, type UserTargets } from './review-users';

/** Whom a panel for several users is about, as they were when it was opened. */
export interface BulkTargets {
  readonly targets: UserTargets;
  readonly count: number;
  /** Those that were seen; none where a filter finds them. */
  readonly rows: ReadonlyMap<string, UserRow>;
}

interface BulkEditProps {
  /** NULL: closed. */
  readonly users: BulkTargets | null;
  readonly onClose: () => void;
  /** They were changed, or some of them. */
  readonly onDone: () => void;
}

const limits = ['maxBudget', 'tpmLimit', 'rpmLimit'] as const;

/** The panel in which several users are given the same roles, limits or state. */
export function BulkEdit({ users, onClose, onDone }: BulkEditProps): ReactElement {
  const { t } = useTranslation();
  const counted = ({ count }: BulkTargets) => ({ count, formatted: formatCount(count) });
  return (
    <BulkEditPanel
      of={users}
      title={(of) => {
        const [only] = of.rows.values();
        return of.count === 1 && only !== undefined
          ? t('edit.title', { name: only.username })
          : t('users.bulk.title', counted(of));
      }}
      help={({ targets }) => t('filter' in targets ? 'users.bulk.helpFilter' : 'edit.bulk.help')}
      schema={userChanges}
      fields={[
        bulkValue<UserRow, readonly string[]>({
          name: 'roles',
          label: fieldName(t, 'roles'),
          seen: ({ roles }) => roles,
          first: [],
          input: ({ label, value, onChange, isWrong }) => (
            <Autocomplete
              multiple
              freeSolo
              options={[...knownRoles]}
              value={[...value]}
              getOptionLabel={(role) => roleLabel(t, role)}
              onChange={(_event, roles) => onChange([...new Set(roles.map((role) => role.trim()))])}
              renderInput={(params) => (
                <TextField
                  {...params}
                  label={label}
                  error={isWrong}
                  helperText={isWrong ? t('common.invalid') : undefined}
                />
              )}
            />
          ),
        }),
        ...limits.map((name) =>
          bulkLimit<UserRow>({ name, label: fieldName(t, name), seen: (row) => row[name] }),
        ),
        bulkState<UserRow>(t('records.state')),
      ]}
      onReview={(of, changes, done) =>
        reviewUsers({
          ...{ targets: of.targets, changes, rows: of.rows, onDone: done },
          title: t('users.bulk.reviewTitle', counted(of)),
        })
      }
      onClose={onClose}
      onDone={onDone}
    />
  );
}
