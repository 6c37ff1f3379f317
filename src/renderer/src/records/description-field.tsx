import { TextField } from '@mui/material';
import type { ReactElement } from 'react';
import { useController, type FieldValues, type Path } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import type { LongText } from '../../../shared/contract/record-parts';

/** A text that may have come without its end, or without what looks like a secret. */
type ShownText = (LongText & { readonly isMasked: boolean }) | null;

interface DescriptionFieldProps<Values extends FieldValues> {
  readonly name: Path<Values>;
  readonly label: string;
  readonly autoFocus: boolean;
  /** As it was read. */
  readonly shown: ShownText;
}

/** A record's description; what is not here whole cannot be written back. */
export function DescriptionField<Values extends FieldValues>({
  name,
  label,
  autoFocus,
  shown,
}: DescriptionFieldProps<Values>): ReactElement {
  const { t } = useTranslation();
  const { field, fieldState } = useController<Values>({ name });
  const isWrong = fieldState.error !== undefined;
  const isCut = shown?.isCut === true;
  const hint = isCut
    ? t('edit.description.tooLong')
    : shown?.isMasked === true && t('edit.description.masked');
  return (
    <TextField
      fullWidth
      multiline
      maxRows={8}
      autoFocus={autoFocus}
      disabled={isCut}
      label={label}
      value={field.value}
      inputRef={field.ref}
      error={isWrong}
      helperText={isWrong ? t('edit.description.wrong') : hint}
      onBlur={field.onBlur}
      onChange={field.onChange}
      slotProps={{ htmlInput: { autoComplete: 'off', dir: 'auto' } }}
    />
  );
}

/** What stands in the field: a text without its secrets would take the place of the text. */
export const descriptionText = (shown: ShownText): string =>
  shown === null || shown.isMasked ? '' : shown.text;

/** Whether a description is here as it stands in the database. */
export const isWholeText = (shown: ShownText): boolean => shown === null || !(shown.isCut || shown.isMasked);
