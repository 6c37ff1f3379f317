import { TextField } from '@mui/material';
import type { HTMLInputAutoCompleteAttribute, ReactElement } from 'react';
import { useController, useFormContext } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import type { CheckedField } from './check-values';
import type { ConnectionValues } from './connection-values';

interface FormTextFieldProps {
  readonly name: CheckedField;
  readonly label: string;
  readonly help?: string;
  readonly placeholder?: string;
  readonly autoComplete?: HTMLInputAutoCompleteAttribute;
  readonly numeric?: boolean;
  readonly maxLength?: number;
  readonly onChanged?: (text: string) => void;
}

/** One line of the form's text, with its mistake below it. */
export function FormTextField(props: FormTextFieldProps): ReactElement {
  const { name, label, help, placeholder, autoComplete = 'off', numeric, maxLength, onChanged } = props;
  const { t } = useTranslation();
  const { control } = useFormContext<ConnectionValues>();
  const { field, fieldState } = useController({ control, name });
  const isWrong = fieldState.error !== undefined;
  return (
    <TextField
      fullWidth
      label={label}
      name={field.name}
      value={field.value}
      inputRef={field.ref}
      onBlur={field.onBlur}
      onChange={(event) => {
        field.onChange(event);
        onChanged?.(event.target.value);
      }}
      error={isWrong}
      helperText={isWrong ? t(`connect.errors.${name}`) : help}
      placeholder={placeholder}
      slotProps={{
        htmlInput: {
          autoComplete,
          spellCheck: false,
          dir: 'auto',
          ...(numeric === true ? { inputMode: 'numeric' } : {}),
          ...(maxLength === undefined ? {} : { maxLength }),
        },
      }}
    />
  );
}
