import { type Fields, type FieldValue, sameValue } from './fields';

/** What both sides held when they last agreed, column by column. A column they never agreed on is absent. */
export interface Agreement {
  readonly remote: Fields;
  /** Ours may differ from theirs: a username that had to be made unique, an address that was missing. */
  readonly local: Fields;
}

export interface Merge {
  /** Columns to write and their new values. */
  readonly changes: Fields;
  /** Columns that differ and that both sides changed, or never agreed on: ours stays until a person chooses. */
  readonly conflicts: readonly string[];
  readonly agreement: Agreement;
}

/**
 * Three-way comparison per column (design: "LiteLLM"): what only the proxy changed is taken over, what only we changed
 * stays, what both changed is a conflict. `remoteDecides` names columns in which LiteLLM is always right (spend, ids),
 * `waiting` those that wait to be told to it: ours stay whatever it changed, also where we have changed them back.
 * Columns that `local` does not have are only shown, not kept by us.
 */
export function mergeFields(
  remote: Fields,
  local: Fields,
  last: Agreement | null,
  remoteDecides: ReadonlySet<string>,
  waiting: ReadonlySet<string> = new Set(),
): Merge {
  const changes: Record<string, FieldValue> = {};
  const agreedRemote: Record<string, FieldValue> = {};
  const agreedLocal: Record<string, FieldValue> = {};
  const conflicts: string[] = [];
  const agree = (column: string, theirs: FieldValue, ours: FieldValue): void => {
    agreedRemote[column] = theirs;
    agreedLocal[column] = ours;
  };
  for (const [column, theirs] of Object.entries(remote)) {
    const ours = local[column];
    if (ours === undefined) continue;
    const lastTheirs = last?.remote[column];
    const lastOurs = last?.local[column];
    const theyChanged = lastTheirs === undefined || !sameValue(theirs, lastTheirs);
    const weChanged = lastOurs === undefined || !sameValue(ours, lastOurs);
    if (sameValue(theirs, ours)) agree(column, theirs, ours);
    else if (!waiting.has(column) && (remoteDecides.has(column) || (theyChanged && !weChanged))) {
      changes[column] = theirs;
      agree(column, theirs, theirs);
    } else {
      if (lastTheirs !== undefined && lastOurs !== undefined) agree(column, lastTheirs, lastOurs);
      if (theyChanged) conflicts.push(column);
    }
  }
  return { changes, conflicts, agreement: { remote: agreedRemote, local: agreedLocal } };
}
