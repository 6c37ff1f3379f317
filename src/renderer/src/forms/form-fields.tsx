import { Autocomplete, TextField } from '@mui/material';
import type { ReactElement } from 'react';
import { useController, type FieldValues, type Path } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { LimitField } from './limit-field';

/** What every field of a form is told; its value and its mistake are the form's (`FormProvider` around it). */
interface FormFieldProps<Values extends FieldValues> {
  readonly name: Path<Values>;
  readonly label: string;
  /** Said below it while nothing is wrong with it. */
  readonly help?: string | undefined;
  readonly autoFocus?: boolean;
}

interface FormTextProps<Values extends FieldValues> extends FormFieldProps<Values> {
  /** In characters. */
  readonly maxLength?: number;
}

/** A line of text as it is typed. */
export function FormText<Values extends FieldValues>(props: FormTextProps<Values>): ReactElement {
  const { name, label, autoFocus = false, maxLength = 255 } = props;
  const { value, onChange, onBlur, ref, error, helperText } = useField<Values, string>(props);
  return (
    <TextField
      fullWidth
      autoFocus={autoFocus}
      label={label}
      name={name}
      value={value}
      inputRef={ref}
      error={error}
      helperText={helperText}
      onBlur={onBlur}
      onChange={(event) => onChange(event.target.value)}
      slotProps={{ htmlInput: { maxLength, autoComplete: 'off', spellCheck: false, dir: 'auto' } }}
    />
  );
}

/** A ceiling, an amount of money or a count, as decimal text; null is unlimited. */
export function FormLimit<Values extends FieldValues>(props: FormFieldProps<Values>): ReactElement {
  const { label, autoFocus = false } = props;
  const { value, onChange, ref, error, helperText } = useField<Values, string | null>(props);
  return (
    <LimitField
      label={label}
      autoFocus={autoFocus}
      value={value}
      inputRef={ref}
      onChange={onChange}
      isWrong={error}
      helperText={helperText}
    />
  );
}

interface FormNamesProps<Values extends FieldValues> extends FormFieldProps<Values> {
  /** What is known; anything else can be typed. */
  readonly options: readonly string[];
  /** How a name is shown. */
  readonly labelOf: (name: string) => string;
}

/** Several names, each once, of known ones and typed ones. */
export function FormNames<Values extends FieldValues>(props: FormNamesProps<Values>): ReactElement {
  const { label, options, labelOf, autoFocus = false } = props;
  const { value, onChange, onBlur, ref, error, helperText } = useField<Values, readonly string[]>(props);
  return (
    <Autocomplete
      multiple
      freeSolo
      options={[...options]}
      value={[...value]}
      getOptionLabel={labelOf}
      onChange={(_event, names) => onChange([...new Set(names.map((name) => name.trim()))])}
      renderInput={(params) => (
        <TextField
          {...params}
          autoFocus={autoFocus}
          label={label}
          inputRef={ref}
          error={error}
          helperText={helperText}
          onBlur={onBlur}
        />
      )}
    />
  );
}

interface Field<Value> {
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly onBlur: () => void;
  readonly ref: (element: HTMLElement | null) => void;
  readonly error: boolean;
  readonly helperText: string | undefined;
}

function useField<Values extends FieldValues, Value>({
  name,
  help,
}: Pick<FormFieldProps<Values>, 'name' | 'help'>): Field<Value> {
  const { t } = useTranslation();
  const { field, fieldState } = useController<Values>({ name });
  const error = fieldState.error !== undefined;
  const { value, onChange, onBlur, ref } = field;
  return {
    value: value,
    onChange,
    onBlur,
    ref,
    error,
    helperText: error ? t('common.invalid') : help,
  };
}
