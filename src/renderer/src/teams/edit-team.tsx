import { Alert } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChangeConflict } from '../../../shared/contract/changes';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import { type TeamChanges, teamChanges } from '../../../shared/contract/teams';
import { defaultTeamId } from '../../../shared/default-team';
import { EditRecordForm } from '../forms/edit-record-form';
import { EditPanel } from '../forms/edit-panel';
import { FormInput } from '../forms/form-input';
import { FormLimit, FormText } from '../forms/form-fields';
import { useEditForm } from '../forms/use-edit-form';
import { areAllModels } from '../records/all-models';
import { DescriptionField, descriptionText, isWholeText } from '../records/description-field';
import { fieldName } from '../review/field-values';
import { showReview } from '../review/review-store';
import { type ModelsChoice, ModelsField } from '../records/models-field';
import { PeriodField } from '../records/period-field';

type Team = AnswerOf<Contract['teams']['get']>;

interface Values {
  readonly name: string;
  readonly alias: string;
  readonly description: string;
  readonly maxBudget: string | null;
  readonly budgetDuration: string | null;
  readonly tpmLimit: string | null;
  readonly rpmLimit: string | null;
  readonly allowedModels: ModelsChoice;
}
export type EditedTeamField = keyof Values;

const nameFields = ['name', 'alias'] as const;
const rateFields = ['tpmLimit', 'rpmLimit'] as const;
const fieldNames = [
  ...nameFields,
  'description',
  'maxBudget',
  'budgetDuration',
  ...rateFields,
  'allowedModels',
] as const satisfies readonly EditedTeamField[];

/** Whether an address names a field of this panel. */
export function isEditedTeamField(name: string): name is EditedTeamField {
  return fieldNames.some((field) => field === name);
}

interface EditTeamProps {
  readonly team: Team;
  readonly open: boolean;
  /** Where the panel begins. */
  readonly field?: EditedTeamField | undefined;
  readonly onClose: () => void;
}

/** The panel in which a team is edited, beside what it is about. */
export function EditTeam({ team, open, field, onClose }: EditTeamProps): ReactElement {
  const { t } = useTranslation();
  return (
    <EditPanel title={t('edit.title', { name: team.name })} open={open} onClose={onClose}>
      {({ setDirty, cancel, close }) => (
        <EditForm team={team} first={field} onDirty={setDirty} onCancel={cancel} onDone={close} />
      )}
    </EditPanel>
  );
}

interface EditFormProps {
  readonly team: Team;
  readonly first: EditedTeamField | undefined;
  readonly onDirty: (isDirty: boolean) => void;
  readonly onCancel: () => void;
  readonly onDone: () => void;
}

function EditForm({ team, first, onDirty, onCancel, onDone }: EditFormProps): ReactElement {
  const { t } = useTranslation();
  const edit = useEditForm<Values, TeamChanges>({
    record: { version: team.version, values: valuesOf(team) },
    schema: teamChanges,
    toChanges: changesOf,
    fromState: (now) => imageValues(now, team),
    onDirty,
    onReview: ({ basis: { version, values }, changes, onResolve }) =>
      showReview({
        request: {
          area: 'teams',
          procedure: 'previewUpdate',
          input: { targets: { selected: [{ id: team.id, version }] }, changes },
        },
        title: t('edit.reviewTitle', { name: team.name }),
        seen: () => seenOf(values, team),
        onDone,
        onResolve: ([resolved]) => {
          if (resolved !== undefined) onResolve(resolved.conflict, resolved.kept);
        },
      }),
  });
  // What is not here whole cannot be written back.
  const hasManyModels = team.allowedModelCount > team.allowedModels.length;
  return (
    <EditRecordForm edit={edit} labelOf={(name) => fieldName(t, name)} first={first} onCancel={onCancel}>
      {(field) => (
        <>
          {team.id === defaultTeamId && <Alert severity="warning">{t('teams.edit.defaultTeam')}</Alert>}
          {nameFields.map((name) => field(name, (props) => <FormText<Values> {...props} />))}
          {field('description', (props) => (
            <DescriptionField<Values> {...props} shown={team.description} />
          ))}
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
          {field('allowedModels', () =>
            hasManyModels ? (
              <Alert severity="info">{t('teams.edit.tooManyModels')}</Alert>
            ) : (
              <FormInput<Values, 'allowedModels'> name="allowedModels">
                {({ value, onChange, isWrong }) => (
                  <ModelsField value={value} onChange={onChange} isWrong={isWrong} />
                )}
              </FormInput>
            ),
          )}
        </>
      )}
    </EditRecordForm>
  );
}

function valuesOf(team: Team): Values {
  const { name, alias, description, maxBudget, budgetDuration, tpmLimit, rpmLimit } = team;
  return {
    name,
    alias: alias ?? '',
    description: descriptionText(description),
    maxBudget,
    budgetDuration,
    tpmLimit,
    rpmLimit,
    allowedModels: team.allModels ? 'all' : team.allowedModels.map(({ id, label }) => ({ id, label })),
  };
}

/** What was seen, as the change kernel calls it. */
function seenOf({ description, ...values }: Values, team: Team): Readonly<Record<string, unknown>> {
  const models = modelIds(values.allowedModels);
  return {
    ...values,
    ...(isWholeText(team.description) && { description: description || null }),
    alias: values.alias || null,
    allowedModels: models === 'all' ? [] : models,
  };
}

/** What of a record's state now the panel edits. */
function imageValues(now: ChangeConflict['now'], team: Team): Partial<Values> {
  const { allowedModels } = team;
  const known = fieldNames.filter(
    (name) =>
      name !== 'allowedModels' && (name !== 'description' || isWholeText(team.description)) && name in now,
  );
  const fields = known.map((name) => [name, now[name] ?? (isText(name) ? '' : null)]);
  const list = now['allowedModels'];
  if (!Array.isArray(list)) return Object.fromEntries(fields) as Partial<Values>;
  const labels = new Map(allowedModels.map(({ id, label }) => [id, label]));
  const models = areAllModels(list) ? 'all' : list.map((id) => ({ id, label: labels.get(id) ?? id }));
  return { ...(Object.fromEntries(fields) as Partial<Values>), allowedModels: models };
}

const isText = (name: string): boolean => ['name', 'alias', 'description'].includes(name);

/** What differs, as the contract takes it, unchecked: an empty text is none. */
function changesOf(values: Values, changed: readonly EditedTeamField[]): Readonly<Record<string, unknown>> {
  const wanted = {
    ...values,
    alias: values.alias.trim() === '' ? null : values.alias,
    description: values.description.trim() === '' ? null : values.description,
    allowedModels: modelIds(values.allowedModels),
  };
  return Object.fromEntries(changed.map((name) => [name, wanted[name]]));
}

/** The choice as the contract takes it. */
export function modelIds(choice: ModelsChoice): 'all' | string[] {
  return choice === 'all' ? 'all' : choice.map(({ id }) => id);
}
