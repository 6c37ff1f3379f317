import { useController, useFormContext, useWatch } from 'react-hook-form';
import type { ReactElement } from 'react';
import { choosesSuperuser, superuserTarget, type ConnectionValues } from './connection-values';
import { SuperuserChoice } from './superuser-choice';
import type { SuperuserRefusal } from './superuser-refusal';

/** The choice as a part of the connection form: made for what stands in the form now, and gone when that changes. */
export function FormSuperuserChoice(props: {
  readonly refusal: SuperuserRefusal | null;
}): ReactElement | null {
  const { control } = useFormContext<ConnectionValues>();
  // Every field has a default, so none is missing.
  const values = useWatch({ control }) as ConnectionValues;
  const { field } = useController({ control, name: 'superuserTarget' });
  const isChosen = choosesSuperuser(values);
  if (props.refusal === null && !isChosen) return null;
  return (
    <SuperuserChoice
      refusal={props.refusal}
      isChosen={isChosen}
      onChange={(chosen) => field.onChange(chosen ? superuserTarget(values) : '')}
    />
  );
}
