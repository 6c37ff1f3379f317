import type { UseFormReturn } from 'react-hook-form';
import {
  emptyValues,
  fromConnection,
  passwordTarget,
  toConnection,
  type ConnectionValues,
  type KnownFields,
} from './connection-values';

/**
 * Puts what is known of a server into the form in place of the server that stood there, and takes the mistakes away.
 * Unknown fields become empty: a mixture of two servers would connect to neither, and a password belongs to one.
 * @param uri the pasted URI whose password is meant; empty when there is none.
 */
export function fillIn(form: UseFormReturn<ConnectionValues>, known: KnownFields, uri = ''): void {
  const {
    name,
    environmentLabel,
    colour,
    access,
    operatorUserId,
    reportingTimeZone,
    runsDue,
    rememberPassword,
  } = form.getValues();
  const values = {
    ...emptyValues(),
    ...{
      name,
      environmentLabel,
      colour,
      access,
      operatorUserId,
      reportingTimeZone,
      runsDue,
      rememberPassword,
    },
    ...fromConnection(known),
    uri,
  };
  form.reset(
    { ...values, uriTarget: passwordTarget(toConnection(values)) },
    { keepDefaultValues: true, keepDirtyValues: false },
  );
}
