import type { FieldErrors, FieldValues } from 'react-hook-form';
import type * as z from 'zod';

/** What a schema finds wrong, as a form keeps it: at the fields of the same names. */
export function errorsOf<Values extends FieldValues>({ issues }: z.ZodError): FieldErrors<Values> {
  const errors = issues.map(({ path, message }) => [String(path[0]), { type: 'invalid', message }]);
  return Object.fromEntries(errors) as FieldErrors<Values>;
}
