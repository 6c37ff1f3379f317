import { Alert } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { type ApiKeyChanges, apiKeyChanges } from '../../../shared/contract/api-keys';
import type { ChangeConflict } from '../../../shared/contract/changes';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import type { Reference } from '../../../shared/contract/values';
import { everyModelOfProxy, namesOfEveryModel } from '../../../shared/records/api-keys';
import { EditRecordForm } from '../forms/edit-record-form';
import { EditPanel } from '../forms/edit-panel';
import { FormInput } from '../forms/form-input';
import { FormLimit, FormText } from '../forms/form-fields';
import { useEditForm } from '../forms/use-edit-form';
import { type ModelsChoice, ModelsField } from '../records/models-field';
import { PeriodField } from '../records/period-field';
import { fieldName } from '../review/field-values';
import { showReview } from '../review/review-store';
import { ExpiryField } from '../records/expiry-field';
import { keyName } from './key-name';
import { OwnersTeamField } from './owners-team-field';

type ApiKey = AnswerOf<Contract['apiKeys']['get']>;

interface Values {
  readonly name: string;
  readonly litellmKeyAlias: string;
  readonly maxBudget: string | null;
  readonly budgetDuration: string | null;
  readonly tpmLimit: string | null;
  readonly rpmLimit: string | null;
  readonly expiresAt: string | null;
  readonly teamId: string | null;
  readonly models: ModelsChoice;
}
export type EditedKeyField = keyof Values;

const textFields = ['name', 'litellmKeyAlias'] as const;
const rateFields = ['tpmLimit', 'rpmLimit'] as const;
const fieldNames = [
  ...textFields,
  'maxBudget',
  'budgetDuration',
  ...rateFields,
  'expiresAt',
  'teamId',
  'models',
] as const satisfies readonly EditedKeyField[];

/** Whether an address names a field of this panel. */
export function isEditedKeyField(name: string): name is EditedKeyField {
  return fieldNames.some((field) => field === name);
}

interface EditApiKeyProps {
  readonly apiKey: ApiKey;
  readonly open: boolean;
  /** Where the panel begins. */
  readonly field?: EditedKeyField | undefined;
  readonly onClose: () => void;
}

/** The panel in which an API key is edited, beside what it is about. */
export function EditApiKey({ apiKey, open, field, onClose }: EditApiKeyProps): ReactElement {
  const { t } = useTranslation();
  return (
    <EditPanel title={t('edit.title', { name: keyName(apiKey) })} open={open} onClose={onClose}>
      {({ setDirty, cancel, close }) => (
        <EditForm apiKey={apiKey} first={field} onDirty={setDirty} onCancel={cancel} onDone={close} />
      )}
    </EditPanel>
  );
}

interface EditFormProps {
  readonly apiKey: ApiKey;
  readonly first: EditedKeyField | undefined;
  readonly onDirty: (isDirty: boolean) => void;
  readonly onCancel: () => void;
  readonly onDone: () => void;
}

function EditForm({ apiKey, first, onDirty, onCancel, onDone }: EditFormProps): ReactElement {
  const { t } = useTranslation();
  const edit = useEditForm<Values, ApiKeyChanges>({
    record: { version: apiKey.version, values: valuesOf(apiKey) },
    schema: apiKeyChanges,
    toChanges: changesOf,
    fromState: (now) => imageValues(now, apiKey),
    onDirty,
    onReview: ({ basis: { version, values }, changes, onResolve }) =>
      showReview({
        request: {
          area: 'apiKeys',
          procedure: 'previewUpdate',
          input: { targets: { selected: [{ id: apiKey.id, version }] }, changes },
        },
        title: t('edit.reviewTitle', { name: keyName(apiKey) }),
        seen: () => seenOf(values, apiKey),
        onDone,
        onResolve: ([resolved]) => {
          if (resolved !== undefined) onResolve(resolved.conflict, resolved.kept);
        },
      }),
  });
  return (
    <EditRecordForm edit={edit} labelOf={(name) => fieldName(t, name)} first={first} onCancel={onCancel}>
      {(field) => (
        <>
          {textFields.map((name) => field(name, (props) => <FormText<Values> {...props} />))}
          {field('maxBudget', (props) => (
            <FormLimit<Values> {...props} />
          ))}
          {field('budgetDuration', ({ label }) => (
            <FormInput<Values, 'budgetDuration'> name="budgetDuration">
              {({ value, onChange, isWrong }) => (
                <PeriodField label={label} value={value} onChange={onChange} isWrong={isWrong} />
              )}
            </FormInput>
          ))}
          {rateFields.map((name) => field(name, (props) => <FormLimit<Values> {...props} />))}
          {field('expiresAt', ({ label }) => (
            <FormInput<Values, 'expiresAt'> name="expiresAt">
              {({ value, onChange, isWrong }) => (
                <ExpiryField label={label} value={value} onChange={onChange} isWrong={isWrong} />
              )}
            </FormInput>
          ))}
          {field('teamId', ({ label }) => (
            <FormInput<Values, 'teamId'> name="teamId">
              {({ value, onChange, isWrong }) => (
                <OwnersTeamField
                  label={label}
                  ownerId={apiKey.user.id}
                  current={apiKey.team}
                  value={value}
                  onChange={onChange}
                  isWrong={isWrong}
                />
              )}
            </FormInput>
          ))}
          {field('models', () =>
            isWhole(apiKey) ? (
              <FormInput<Values, 'models'> name="models">
                {({ value, onChange, isWrong }) => (
                  <ModelsField value={value} onChange={onChange} isWrong={isWrong} />
                )}
              </FormInput>
            ) : (
              <Alert severity="info">{t('teams.edit.tooManyModels')}</Alert>
            ),
          )}
        </>
      )}
    </EditRecordForm>
  );
}

/** Names of LiteLLM that cross at most, and of models: a list that may be longer can't be written back. */
const mostOthers = 50;

function isWhole({ allModelRefs, modelCount, otherModels }: ApiKey): boolean {
  return (
    modelCount === allModelRefs.length &&
    otherModels.length < mostOthers &&
    !otherModels.some((name) => name.endsWith('…'))
  );
}

function valuesOf(apiKey: ApiKey): Values {
  const { name, alias, maxBudget, budgetDuration, tpmLimit, rpmLimit, expiresAt, team } = apiKey;
  return {
    ...{ name: name ?? '', litellmKeyAlias: alias ?? '' },
    ...{ maxBudget, budgetDuration, tpmLimit, rpmLimit, expiresAt, teamId: team?.id ?? null },
    models: apiKey.allModels ? 'all' : listOf(apiKey),
  };
}

function listOf({ allModelRefs, otherModels }: ApiKey): Reference[] {
  return [...allModelRefs, ...otherModels.map((name) => ({ id: name, label: name }))];
}

/** What was seen, as the change kernel calls it. */
function seenOf({ models, ...values }: Values, apiKey: ApiKey): Readonly<Record<string, unknown>> {
  const list = models === 'all' ? [everyModelOfProxy] : models.map(({ id }) => id).sort();
  return {
    ...values,
    name: values.name || null,
    litellmKeyAlias: values.litellmKeyAlias || null,
    ...(isWhole(apiKey) && { models: list }),
  };
}

/** What of a record's state now the panel edits. */
function imageValues(now: ChangeConflict['now'], apiKey: ApiKey): Partial<Values> {
  const known = fieldNames.filter((name) => name !== 'models' && name in now);
  const isText = (name: string): boolean => textFields.some((text) => text === name);
  const fields = known.map((name) => [name, now[name] ?? (isText(name) ? '' : null)]);
  const list = now['models'];
  if (!Array.isArray(list) || !isWhole(apiKey)) return Object.fromEntries(fields) as Partial<Values>;
  const labels = new Map(listOf(apiKey).map(({ id, label }) => [id, label]));
  const models = list.some((name) => namesOfEveryModel.includes(name))
    ? 'all'
    : list.map((id) => ({ id, label: labels.get(id) ?? id }));
  return { ...(Object.fromEntries(fields) as Partial<Values>), models };
}

/** What differs, as the contract takes it, unchecked: an empty text is none. */
function changesOf(values: Values, changed: readonly EditedKeyField[]): Readonly<Record<string, unknown>> {
  const { name, litellmKeyAlias: alias, models } = values;
  const wanted = {
    ...values,
    name: name.trim() === '' ? null : name,
    litellmKeyAlias: alias.trim() === '' ? null : alias,
    models: models === 'all' ? 'all' : models.map(({ id }) => id),
  };
  return Object.fromEntries(changed.map((field) => [field, wanted[field]]));
}
