import type { ReactElement } from 'react';
import { useController, type FieldPath, type FieldPathValue, type FieldValues } from 'react-hook-form';

interface FormInputProps<Values extends FieldValues, Name extends FieldPath<Values>> {
  readonly name: Name;
  /** Draws the input: what stands in it, and whether that is no valid value. */
  readonly children: (input: {
    readonly value: FieldPathValue<Values, Name>;
    readonly onChange: (value: FieldPathValue<Values, Name>) => void;
    readonly isWrong: boolean;
  }) => ReactElement;
}

/** Puts an input that knows nothing of forms into one (`FormProvider` around it). */
export function FormInput<Values extends FieldValues, Name extends FieldPath<Values>>({
  name,
  children,
}: FormInputProps<Values, Name>): ReactElement {
  const { field, fieldState } = useController<Values, Name>({ name });
  return children({
    value: field.value,
    onChange: field.onChange,
    isWrong: fieldState.error !== undefined,
  });
}
