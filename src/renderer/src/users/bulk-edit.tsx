import { Autocomplete, TextField, Typography } from '@mui/material';
import type { TFunction } from 'i18next';
import { useState, type ReactElement, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { userChanges, type UserRow } from '../../../shared/contract/users';
import { BulkField, type BulkChoice } from '../forms/bulk-field';
import { EditPanel } from '../forms/edit-panel';
import { PanelForm } from '../forms/panel-form';
import { knownRoles } from '../../../shared/records/users';
import { roleLabel } from '../records/role-label';
import { BulkNow } from '../review/bulk-now';
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

/** The panel in which several users are given the same roles, limits or state. */
export function BulkEdit({ users, onClose, onDone }: BulkEditProps): ReactElement {
  const { t } = useTranslation();
  // What it is about stays while the panel goes away.
  const [shown, setShown] = useState(users);
  if (users !== null && users !== shown) setShown(users);
  return (
    <EditPanel title={shown === null ? '' : bulkTitle(t, shown)} open={users !== null} onClose={onClose}>
      {({ setDirty, cancel, close }) =>
        shown !== null && (
          <BulkForm
            users={shown}
            onDirty={setDirty}
            onCancel={cancel}
            onDone={() => {
              close();
              onDone();
            }}
          />
        )
      }
    </EditPanel>
  );
}

function bulkTitle(t: TFunction, { count, rows }: BulkTargets): string {
  const [only] = rows.values();
  if (count === 1 && only !== undefined) return t('users.edit.title', { name: only.username });
  return t('users.bulk.title', { count, formatted: formatCount(count) });
}

const limitFields = ['maxBudget', 'tpmLimit', 'rpmLimit'] as const;
const fieldNames = ['roles', ...limitFields, 'isActive'] as const;
type FieldName = (typeof fieldNames)[number];

interface Values {
  readonly choices: Readonly<Record<FieldName, BulkChoice>>;
  readonly roles: readonly string[];
  readonly amounts: Readonly<Record<(typeof limitFields)[number], string>>;
}

const untouched: Values = {
  choices: { roles: 'leave', maxBudget: 'leave', tpmLimit: 'leave', rpmLimit: 'leave', isActive: 'leave' },
  roles: [],
  amounts: { maxBudget: '', tpmLimit: '', rpmLimit: '' },
};

interface BulkFormProps {
  readonly users: BulkTargets;
  readonly onDirty: (isDirty: boolean) => void;
  readonly onCancel: () => void;
  readonly onDone: () => void;
}

function BulkForm({ users, onDirty, onCancel, onDone }: BulkFormProps): ReactElement {
  const { t } = useTranslation();
  const [values, setValues] = useState(untouched);
  const [wrong, setWrong] = useState<ReadonlySet<string>>(new Set());
  const touched = touchedFields(values);
  const set = (field: FieldName, next: Values): void => {
    setValues(next);
    setWrong(new Set([...wrong].filter((other) => other !== field)));
    onDirty(touchedFields(next).length > 0);
  };
  const choose = (field: FieldName, choice: BulkChoice): void =>
    set(field, { ...values, choices: { ...values.choices, [field]: choice } });
  const review = (): void => {
    const checked = userChanges.safeParse(changesOf(values, touched));
    if (!checked.success) {
      setWrong(new Set(checked.error.issues.map(({ path }) => String(path[0]))));
      return;
    }
    if (touched.length === 0) return;
    reviewUsers({
      targets: users.targets,
      changes: checked.data,
      title: t('users.bulk.reviewTitle', { count: users.count, formatted: formatCount(users.count) }),
      rows: users.rows,
      onDone,
    });
  };
  const field = (name: FieldName, options: readonly BulkChoice[], value: ReactNode): ReactElement => (
    <BulkField
      key={name}
      label={fieldLabel(t, name)}
      choice={values.choices[name]}
      options={options}
      onChoose={(choice) => choose(name, choice)}
      now={<BulkNow field={name} values={[...users.rows.values()].map((row) => row[name])} />}
    >
      {value}
    </BulkField>
  );
  const help = (name: FieldName): { error: boolean; helperText: string | undefined } => ({
    error: wrong.has(name),
    helperText: wrong.has(name) ? t('common.invalid') : undefined,
  });
  return (
    <PanelForm
      submitLabel={
        touched.length === 0
          ? t('users.bulk.nothing')
          : t('users.edit.review', { count: touched.length, formatted: formatCount(touched.length) })
      }
      maySubmit={touched.length > 0}
      onSubmit={review}
      onCancel={onCancel}
    >
      <Typography variant="body2" sx={{ px: 1.5, color: 'text.secondary' }}>
        {t('filter' in users.targets ? 'users.bulk.helpFilter' : 'users.bulk.help')}
      </Typography>
      {field(
        'roles',
        ['leave', 'set'],
        <Autocomplete
          multiple
          freeSolo
          options={[...knownRoles]}
          value={[...values.roles]}
          getOptionLabel={(role) => roleLabel(t, role)}
          onChange={(_event, roles) =>
            set('roles', { ...values, roles: [...new Set(roles.map((role) => role.trim()))] })
          }
          renderInput={(params) => <TextField {...params} label={newLabel(t, 'roles')} {...help('roles')} />}
        />,
      )}
      {limitFields.map((name) =>
        field(
          name,
          ['leave', 'set', 'clear'],
          <TextField
            fullWidth
            label={newLabel(t, name)}
            value={values.amounts[name]}
            onChange={(event) =>
              set(name, { ...values, amounts: { ...values.amounts, [name]: event.target.value } })
            }
            slotProps={{ htmlInput: { inputMode: 'decimal', autoComplete: 'off' } }}
            {...help(name)}
          />,
        ),
      )}
      {field('isActive', ['leave', 'active', 'inactive'], null)}
    </PanelForm>
  );
}

function fieldLabel(t: TFunction, name: FieldName): string {
  return name === 'isActive' ? t('records.state') : t(`users.edit.${name}`);
}

function newLabel(t: TFunction, name: FieldName): string {
  return t('users.bulk.newValue', { field: fieldLabel(t, name) });
}

function touchedFields({ choices }: Values): FieldName[] {
  return fieldNames.filter((name) => choices[name] !== 'leave');
}

/** What is to be set, as the contract takes it, unchecked: null is unlimited. */
function changesOf(values: Values, touched: readonly FieldName[]): Readonly<Record<string, unknown>> {
  const wanted = {
    ...values.amounts,
    roles: values.roles,
    isActive: values.choices.isActive === 'active',
  };
  return Object.fromEntries(
    touched.map((name) => [name, values.choices[name] === 'clear' ? null : wanted[name]]),
  );
}
