import type { ReactElement, ReactNode } from 'react';
import { FormProvider, type FieldValues, type Path } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { formatCount } from '../ui/format';
import { EditedField } from './edited-field';
import { PanelForm } from './panel-form';
import type { EditForm } from './use-edit-form';

/** What the input of a field is told. */
export interface EditedInput<Values extends FieldValues> {
  readonly name: Path<Values>;
  readonly label: string;
  readonly autoFocus: boolean;
}

interface EditRecordFormProps<Values extends FieldValues> {
  readonly edit: EditForm<Values>;
  readonly labelOf: (name: keyof Values & string) => string;
  /** Where it begins: what led here is about this field. */
  readonly first: (keyof Values & string) | undefined;
  readonly onCancel: () => void;
  /** @param field puts a field's input in its place: marked while it differs, with the way back. */
  readonly children: (
    field: (name: keyof Values & string, input: (props: EditedInput<Values>) => ReactElement) => ReactElement,
  ) => ReactNode;
}

/** The form of a panel in which one record is edited: its fields, and the button that reviews what differs. */
export function EditRecordForm<Values extends FieldValues>(props: EditRecordFormProps<Values>): ReactElement {
  const { edit, labelOf, first, onCancel, children } = props;
  const { t } = useTranslation();
  const count = edit.changed.length;
  return (
    <FormProvider {...edit.form}>
      <PanelForm
        submitLabel={
          count === 0 ? t('edit.nothing') : t('edit.review', { count, formatted: formatCount(count) })
        }
        maySubmit={count > 0}
        onSubmit={edit.submit}
        onCancel={onCancel}
      >
        {children((name, input) => (
          <EditedField key={name} label={labelOf(name)} {...edit.edited(name)}>
            {input({
              name: name as unknown as Path<Values>,
              label: labelOf(name),
              autoFocus: name === first,
            })}
          </EditedField>
        ))}
      </PanelForm>
    </FormProvider>
  );
}
