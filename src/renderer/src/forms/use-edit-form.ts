import { useEffect, useEffectEvent, useState } from 'react';
import {
  useForm,
  useWatch,
  type DefaultValues,
  type FieldValues,
  type Path,
  type UseFormReturn,
} from 'react-hook-form';
import type * as z from 'zod';
import type { ChangeConflict } from '../../../shared/contract/changes';
import { errorsOf } from './errors-of';

/** A record as it was when the form was filled. */
interface Basis<Values> {
  readonly version: string;
  readonly values: Values;
}

type NameOf<Values> = keyof Values & string;

/** What is to be reviewed. */
export interface WantedChanges<Values, Changes> {
  readonly basis: Basis<Values>;
  /** As the contract takes them. */
  readonly changes: Changes;
  /** Goes on from what the record is now; the fields that are named stay as the person wants them. */
  readonly onResolve: (conflict: Pick<ChangeConflict, 'version' | 'now'>, kept: readonly string[]) => void;
}

interface EditFormOptions<Values extends FieldValues, Changes> {
  /** How the form begins. A record that is read again meanwhile does not move it: what counts is what was seen. */
  readonly record: Basis<Values>;
  /** What may be wanted. What it finds wrong is said at the field of the same name. */
  readonly schema: z.ZodType<Changes>;
  /** The fields that differ, as the schema takes them, unchecked. */
  readonly toChanges: (values: Values, changed: readonly NameOf<Values>[]) => unknown;
  /** What of a record's state, as a conflict tells it, stands in the form. */
  readonly fromState: (now: ChangeConflict['now']) => Partial<Values>;
  readonly onDirty: (isDirty: boolean) => void;
  readonly onReview: (wanted: WantedChanges<Values, Changes>) => void;
}

export interface EditForm<Values extends FieldValues> {
  /** For the `FormProvider` around the fields. */
  readonly form: UseFormReturn<Values>;
  /** The fields that differ from the record. */
  readonly changed: readonly NameOf<Values>[];
  /** Reviews what differs; the focus goes to the first field that has no valid value. */
  readonly submit: () => void;
  /** What `EditedField` is told of a field. */
  readonly edited: (name: NameOf<Values>) => { readonly isChanged: boolean; readonly onReset: () => void };
}

/** A form that changes one record: what it was, what is wanted of it, and how it goes on after a conflict. */
export function useEditForm<Values extends FieldValues, Changes>(
  options: EditFormOptions<Values, Changes>,
): EditForm<Values> {
  const { record, schema, toChanges, fromState, onDirty, onReview } = options;
  const [basis, setBasis] = useState(record);
  const check = (from: Basis<Values>, values: Values) =>
    schema.safeParse(toChanges(values, changedNames(from.values, values)));
  const form = useForm<Values>({
    defaultValues: record.values as DefaultValues<Values>,
    resolver: (values) => {
      const { error } = check(basis, values);
      return error === undefined ? { values, errors: {} } : { values: {}, errors: errorsOf(error) };
    },
  });
  // Every field has a value from the beginning.
  const values = useWatch({ control: form.control }) as Values;
  const changed = changedNames(basis.values, values);
  const isDirty = changed.length > 0;
  const tellDirty = useEffectEvent(onDirty);
  useEffect(() => tellDirty(isDirty), [isDirty]);
  const review = (from: Basis<Values>, wanted: Values): void => {
    const names = changedNames(from.values, wanted);
    const { data } = check(from, wanted);
    if (data === undefined || names.length === 0) return;
    onReview({
      basis: from,
      changes: data,
      onResolve: ({ version, now }, kept) => {
        const seen = { version, values: { ...from.values, ...fromState(now) } };
        const mine = names.filter((name) => kept.includes(name)).map((name) => [name, wanted[name]] as const);
        const next: Values = { ...seen.values, ...Object.fromEntries(mine) };
        setBasis(seen);
        form.reset(next);
        review(seen, next);
      },
    });
  };
  return {
    form,
    changed,
    submit: () => void form.handleSubmit((checked) => review(basis, checked))(),
    edited: (name) => ({
      isChanged: changed.includes(name),
      onReset: () => {
        form.setValue(name as unknown as Path<Values>, basis.values[name]);
        form.clearErrors(name as unknown as Path<Values>);
      },
    }),
  };
}

function changedNames<Values extends object>(was: Values, values: Values): NameOf<Values>[] {
  const names = Object.keys(was) as NameOf<Values>[];
  return names.filter((name) => JSON.stringify(was[name]) !== JSON.stringify(values[name]));
}
