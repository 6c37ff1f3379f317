import { Alert, Box } from '@mui/material';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChangeConflict } from '../../../shared/contract/changes';
import type { AnswerOf, Contract } from '../../../shared/contract/index';
import { type ModelChanges, modelChanges, mostCapabilities } from '../../../shared/contract/models';
import { useProcedureQuery } from '../api/use-procedure';
import { EditPanel } from '../forms/edit-panel';
import { EditRecordForm } from '../forms/edit-record-form';
import { FormNames, FormText } from '../forms/form-fields';
import { useEditForm } from '../forms/use-edit-form';
import { DescriptionField, descriptionText, isWholeText } from '../records/description-field';
import { fieldName } from '../review/field-values';
import { showReview } from '../review/review-store';
import { visibleName } from '../ui/visible-name';
import { capabilityLabel } from './capability-label';
import { textOf } from './review-models';

export type Model = NonNullable<AnswerOf<Contract['models']['get']>['model']>;

interface Values {
  readonly name: string;
  readonly provider: string;
  readonly description: string;
  readonly capabilities: readonly string[];
  readonly contextLength: string;
  readonly maxTokens: string;
}
export type EditedModelField = keyof Values;

const nameFields = ['name', 'provider'] as const;
const countFields = ['contextLength', 'maxTokens'] as const;
const fieldNames = [
  ...nameFields,
  'description',
  'capabilities',
  ...countFields,
] as const satisfies readonly EditedModelField[];

/** Whether an address names a field of this panel. */
export function isEditedModelField(name: string): name is EditedModelField {
  return fieldNames.some((field) => field === name);
}

interface EditModelProps {
  readonly model: Model;
  readonly open: boolean;
  /** Where the panel begins. */
  readonly field?: EditedModelField | undefined;
  readonly onClose: () => void;
}

/** The panel in which a model is edited; of one that comes from LiteLLM what no pull writes. */
export function EditModel({ model, open, field, onClose }: EditModelProps): ReactElement {
  const { t } = useTranslation();
  return (
    <EditPanel title={t('edit.title', { name: visibleName(model.name) })} open={open} onClose={onClose}>
      {({ setDirty, cancel, close }) => (
        <EditForm model={model} first={field} onDirty={setDirty} onCancel={cancel} onDone={close} />
      )}
    </EditPanel>
  );
}

interface EditFormProps {
  readonly model: Model;
  readonly first: EditedModelField | undefined;
  readonly onDirty: (isDirty: boolean) => void;
  readonly onCancel: () => void;
  readonly onDone: () => void;
}

function EditForm({ model, first, onDirty, onCancel, onDone }: EditFormProps): ReactElement {
  const { t } = useTranslation();
  const known = useProcedureQuery('models', 'choices', {}).data?.capabilities ?? [];
  const edit = useEditForm<Values, ModelChanges>({
    record: { version: model.version, values: valuesOf(model) },
    schema: modelChanges,
    toChanges: changesOf,
    fromState: (now) => imageValues(now, model),
    onDirty,
    onReview: ({ basis: { version, values }, changes, onResolve }) =>
      showReview({
        request: {
          area: 'models',
          procedure: 'previewUpdate',
          input: { targets: { selected: [{ id: model.id, version }] }, changes },
        },
        title: t('edit.reviewTitle', { name: visibleName(model.name) }),
        seen: () => seenOf(values, model),
        onDone,
        onResolve: ([resolved]) => {
          if (resolved !== undefined) onResolve(resolved.conflict, resolved.kept);
        },
      }),
  });
  return (
    <EditRecordForm
      edit={edit}
      labelOf={(name) => fieldName(t, name)}
      first={model.isOfLitellm ? 'description' : first}
      onCancel={onCancel}
    >
      {(field) => {
        const description = field('description', (props) => (
          <DescriptionField<Values> {...props} shown={model.description} />
        ));
        if (model.isOfLitellm) {
          return (
            <>
              <Box sx={{ px: 1.5 }}>
                <Alert severity="info">{t('models.edit.ofLitellm')}</Alert>
              </Box>
              {description}
            </>
          );
        }
        return (
          <>
            {nameFields.map((name) => field(name, (props) => <FormText<Values> {...props} />))}
            {description}
            {field('capabilities', (props) =>
              // What is not here whole cannot be written back.
              model.capabilities.length > mostCapabilities ? (
                <Alert severity="info">{t('teams.edit.tooManyModels')}</Alert>
              ) : (
                <FormNames<Values>
                  {...props}
                  options={known}
                  labelOf={(name) => capabilityLabel(t, name)}
                  help={t('models.edit.capabilitiesHelp')}
                />
              ),
            )}
            {countFields.map((name) =>
              field(name, (props) => <FormText<Values> {...props} help={t('models.edit.unknownHelp')} />),
            )}
          </>
        );
      }}
    </EditRecordForm>
  );
}

function valuesOf({ name, provider, description, capabilities, contextLength, maxTokens }: Model): Values {
  return {
    ...{ name, provider, description: descriptionText(description), capabilities },
    ...{ contextLength: textOf(contextLength) ?? '', maxTokens: textOf(maxTokens) ?? '' },
  };
}

/** What was seen, as the change kernel calls it. */
function seenOf({ description, ...values }: Values, model: Model): Readonly<Record<string, unknown>> {
  return {
    ...values,
    ...(isWholeText(model.description) && { description: description || null }),
    contextLength: values.contextLength || null,
    maxTokens: values.maxTokens || null,
  };
}

/** What of a record's state now the panel edits. */
function imageValues(now: ChangeConflict['now'], model: Model): Partial<Values> {
  const known = fieldNames.filter(
    (name) => (name !== 'description' || isWholeText(model.description)) && name in now,
  );
  return Object.fromEntries(known.map((name) => [name, now[name] ?? '']));
}

/** What differs, as the contract takes it, unchecked: an empty text is none. */
function changesOf(values: Values, changed: readonly EditedModelField[]): Readonly<Record<string, unknown>> {
  const given = (text: string): string | null => (text.trim() === '' ? null : text.trim());
  const { description, contextLength, maxTokens } = values;
  const wanted = {
    ...values,
    description: description.trim() === '' ? null : description,
    ...{ contextLength: given(contextLength), maxTokens: given(maxTokens) },
  };
  return Object.fromEntries(changed.map((name) => [name, wanted[name]]));
}
