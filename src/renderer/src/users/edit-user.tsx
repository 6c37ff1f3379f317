import type { TFunction } from 'i18next';
import { Autocomplete, TextField } from '@mui/material';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChangeConflict } from '../../../shared/contract/changes';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import { userChanges, type UserChanges } from '../../../shared/contract/users';
import { isMissingEmail } from '../../../shared/missing-email';
import { isUnknownSignIn } from '../../../shared/unknown-sign-in';
import { EditPanel } from '../forms/edit-panel';
import { PanelForm } from '../forms/panel-form';
import { EditedField } from '../forms/edited-field';
import { LimitField } from '../forms/limit-field';
import { showReview } from '../review/review-store';
import { formatCount } from '../ui/format';
import { reviewEdits } from './review-users';
import { knownRoles, roleLabel } from '../records/role-label';

type User = AnswerOf<Contract['users']['get']>;

/** What the panel edits, as it was when it was filled. */
interface Basis {
  readonly version: string;
  readonly values: Values;
}

interface Values {
  readonly username: string;
  /** Empty where the database holds a placeholder. */
  readonly email: string;
  readonly fullName: string;
  readonly roles: readonly string[];
  readonly maxBudget: string | null;
  readonly tpmLimit: string | null;
  readonly rpmLimit: string | null;
  readonly oauthProvider: string;
  /** Empty where nobody knows it: the database holds a placeholder. */
  readonly oauthId: string;
}
export type EditedFieldName = keyof Values;
type FieldName = EditedFieldName;

/** Whether an address names a field of this panel. */
export function isEditedField(name: string): name is EditedFieldName {
  return [...textFields, 'roles', ...limitFields, ...signInFields].includes(name);
}

const textFields = ['username', 'email', 'fullName'] as const;
const signInFields = ['oauthProvider', 'oauthId'] as const;
const limitFields = ['maxBudget', 'tpmLimit', 'rpmLimit'] as const;

interface EditUserProps {
  readonly user: User;
  readonly open: boolean;
  /** Where the panel begins: what led here is about this field. */
  readonly field?: EditedFieldName | undefined;
  readonly onClose: () => void;
}

/** The panel in which a user is edited, beside what it is about. */
export function EditUser({ user, open, field, onClose }: EditUserProps): ReactElement {
  const { t } = useTranslation();
  return (
    <EditPanel title={t('users.edit.title', { name: user.username })} open={open} onClose={onClose}>
      {({ setDirty, cancel, close }) => (
        <EditForm user={user} first={field} onDirty={setDirty} onCancel={cancel} onDone={close} />
      )}
    </EditPanel>
  );
}

interface EditFormProps {
  readonly user: User;
  readonly first: EditedFieldName | undefined;
  readonly onDirty: (isDirty: boolean) => void;
  readonly onCancel: () => void;
  readonly onDone: () => void;
}

function EditForm({ user, first, onDirty, onCancel, onDone }: EditFormProps): ReactElement {
  const { t } = useTranslation();
  // The record that is read again meanwhile moves neither: what is compared is what the person saw.
  const [basis, setBasis] = useState<Basis>(() => ({ version: user.version, values: valuesOf(user) }));
  const [values, setValues] = useState(basis.values);
  const [wrong, setWrong] = useState<ReadonlySet<string>>(new Set());
  const changed = changedFields(basis.values, values);
  const set = (change: Partial<Values>): void => {
    const next = { ...values, ...change };
    setValues(next);
    setWrong(new Set([...wrong].filter((field) => !(field in change))));
    onDirty(changedFields(basis.values, next).length > 0);
  };
  const field = (name: FieldName) => ({
    label: t(`users.edit.${name}`),
    isChanged: changed.includes(name),
    onReset: () => set({ [name]: basis.values[name] }),
  });
  const review = (from: Basis, wanted: Values): void => {
    const names = changedFields(from.values, wanted);
    const checked = userChanges.safeParse(changesOf(wanted, names));
    if (!checked.success) {
      setWrong(new Set(checked.error.issues.map(({ path }) => String(path[0]))));
      return;
    }
    if (names.length === 0) return;
    const seen = (): Record<string, unknown> => ({
      ...from.values,
      fullName: from.values.fullName || null,
      email: from.values.email || null,
    });
    const title = t('users.edit.reviewTitle', { name: user.username });
    showReview({
      request: {
        kind: 'users',
        input: {
          targets: { selected: [{ id: user.id, version: from.version }] },
          changes: checked.data,
        },
      },
      title,
      seen,
      onDone,
      onCountFromNow: (edits) => reviewEdits({ edits, title, seen, onDone }),
      onResolve: ([resolved]) => {
        if (resolved === undefined) return;
        const { conflict, kept } = resolved;
        const now = { version: conflict.version, values: { ...from.values, ...imageValues(conflict.now) } };
        const mine = names.filter((name) => kept.includes(name)).map((name) => [name, wanted[name]]);
        const next: Values = { ...now.values, ...(Object.fromEntries(mine) as Partial<Values>) };
        setBasis(now);
        setValues(next);
        onDirty(changedFields(now.values, next).length > 0);
        review(now, next);
      },
    });
  };
  const textField = (name: (typeof textFields | typeof signInFields)[number]): ReactElement => (
    <EditedField key={name} {...field(name)}>
      <TextField
        fullWidth
        autoFocus={name === first}
        label={t(`users.edit.${name}`)}
        value={values[name]}
        error={wrong.has(name)}
        helperText={wrong.has(name) ? t('users.edit.invalid') : helpOf(t, name, values)}
        onChange={(event) => set({ [name]: event.target.value })}
        slotProps={{
          htmlInput: { maxLength: 255, autoComplete: 'off', spellCheck: false, dir: 'auto' },
        }}
      />
    </EditedField>
  );
  return (
    <PanelForm
      submitLabel={
        changed.length === 0
          ? t('users.edit.nothing')
          : t('users.edit.review', { count: changed.length, formatted: formatCount(changed.length) })
      }
      maySubmit={changed.length > 0}
      onSubmit={() => review(basis, values)}
      onCancel={onCancel}
    >
      {textFields.map(textField)}
      <EditedField {...field('roles')}>
        <Autocomplete
          multiple
          freeSolo
          options={[...new Set([...knownRoles, ...basis.values.roles])]}
          value={[...values.roles]}
          getOptionLabel={(role) => roleLabel(t, role)}
          onChange={(_event, roles) => set({ roles: [...new Set(roles.map((role) => role.trim()))] })}
          renderInput={(params) => (
            <TextField
              {...params}
              autoFocus={first === 'roles'}
              label={t('users.edit.roles')}
              error={wrong.has('roles')}
              helperText={wrong.has('roles') ? t('users.edit.invalid') : t('users.edit.rolesHelp')}
            />
          )}
        />
      </EditedField>
      {limitFields.map((name) => (
        <EditedField key={name} {...field(name)}>
          <LimitField
            label={t(`users.edit.${name}`)}
            autoFocus={name === first}
            value={values[name]}
            onChange={(value) => set({ [name]: value })}
            isWrong={wrong.has(name)}
            helperText={wrong.has(name) ? t('users.edit.invalid') : undefined}
          />
        </EditedField>
      ))}
      {signInFields.map(textField)}
    </PanelForm>
  );
}

function helpOf(t: TFunction, name: string, { oauthId }: Values): string | undefined {
  if (name !== 'oauthId') return undefined;
  return t(oauthId === '' ? 'users.edit.oauthIdUnknown' : 'users.edit.oauthIdHelp');
}

function valuesOf(user: User): Values {
  const { username, email, fullName, roles, maxBudget, tpmLimit, rpmLimit, oauthProvider, oauthId } = user;
  return {
    username,
    email: email ?? '',
    fullName: fullName ?? '',
    roles,
    maxBudget,
    tpmLimit,
    rpmLimit,
    oauthProvider,
    oauthId: isUnknownSignIn(oauthId) ? '' : oauthId,
  };
}

/** What of a record's state now the panel edits. */
function imageValues(now: ChangeConflict['now']): Partial<Values> {
  const { fullName, roles, ...rest } = now;
  const known = [...textFields, ...limitFields, ...signInFields].filter(
    (name) => name !== 'fullName' && name in rest,
  );
  return {
    ...Object.fromEntries(known.map((name) => [name, rest[name] ?? null])),
    ...(typeof fullName === 'string' || fullName === null ? { fullName: fullName ?? '' } : {}),
    ...(typeof now['email'] === 'string' && isMissingEmail(now['email']) ? { email: '' } : {}),
    ...(typeof now['oauthId'] === 'string' && isUnknownSignIn(now['oauthId']) ? { oauthId: '' } : {}),
    ...(Array.isArray(roles) ? { roles } : {}),
  };
}

function changedFields(basis: Values, values: Values): FieldName[] {
  return [...textFields, 'roles' as const, ...limitFields, ...signInFields].filter(
    (name) => JSON.stringify(basis[name]) !== JSON.stringify(values[name]),
  );
}

/** What differs, as the contract takes it: an empty name is none. */
function changesOf(values: Values, changed: readonly FieldName[]): UserChanges {
  const wanted = {
    ...values,
    roles: [...values.roles],
    fullName: values.fullName.trim() === '' ? null : values.fullName,
  };
  return Object.fromEntries(changed.map((name) => [name, wanted[name]]));
}
