import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChangeConflict } from '../../../shared/contract/changes';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import { userChanges, type UserChanges } from '../../../shared/contract/users';
import { isMissingEmail } from '../../../shared/missing-email';
import { isUnknownSignIn } from '../../../shared/unknown-sign-in';
import { EditPanel } from '../forms/edit-panel';
import { EditRecordForm } from '../forms/edit-record-form';
import { FormLimit, FormNames, FormText } from '../forms/form-fields';
import { useEditForm } from '../forms/use-edit-form';
import { fieldName } from '../review/field-values';
import { showReview } from '../review/review-store';
import { reviewUserEdits } from './review-users';
import { knownRoles } from '../../../shared/records/users';
import { roleLabel } from '../records/role-label';

type User = AnswerOf<Contract['users']['get']>;

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
    <EditPanel title={t('edit.title', { name: user.username })} open={open} onClose={onClose}>
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
  const edit = useEditForm<Values, UserChanges>({
    record: { version: user.version, values: valuesOf(user) },
    schema: userChanges,
    toChanges: changesOf,
    fromState: imageValues,
    onDirty,
    onReview: ({ basis: { version, values }, changes, onResolve }) => {
      const seen = (): Record<string, unknown> => ({
        ...values,
        fullName: values.fullName || null,
        email: values.email || null,
      });
      const title = t('edit.reviewTitle', { name: user.username });
      showReview({
        request: {
          area: 'users',
          procedure: 'previewUpdate',
          input: { targets: { selected: [{ id: user.id, version }] }, changes },
        },
        title,
        seen,
        onDone,
        onCountFromNow: (edits) => reviewUserEdits({ edits, title, seen, onDone }),
        onResolve: ([resolved]) => {
          if (resolved !== undefined) onResolve(resolved.conflict, resolved.kept);
        },
      });
    },
  });
  const oauthId = edit.form.watch('oauthId');
  return (
    <EditRecordForm edit={edit} labelOf={(name) => fieldName(t, name)} first={first} onCancel={onCancel}>
      {(field) => (
        <>
          {textFields.map((name) => field(name, (props) => <FormText<Values> {...props} />))}
          {field('roles', (props) => (
            <FormNames<Values>
              {...props}
              options={[...new Set([...knownRoles, ...user.roles])]}
              labelOf={(role) => roleLabel(t, role)}
              help={t('users.edit.rolesHelp')}
            />
          ))}
          {limitFields.map((name) => field(name, (props) => <FormLimit<Values> {...props} />))}
          {field('oauthProvider', (props) => (
            <FormText<Values> {...props} />
          ))}
          {field('oauthId', (props) => (
            <FormText<Values>
              {...props}
              help={t(oauthId === '' ? 'users.edit.oauthIdUnknown' : 'users.edit.oauthIdHelp')}
            />
          ))}
        </>
      )}
    </EditRecordForm>
  );
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

/** What differs, as the contract takes it: an empty name is none. */
function changesOf(values: Values, changed: readonly FieldName[]): Record<string, unknown> {
  const wanted = {
    ...values,
    roles: [...values.roles],
    fullName: values.fullName.trim() === '' ? null : values.fullName,
  };
  return Object.fromEntries(changed.map((name) => [name, wanted[name]]));
}
