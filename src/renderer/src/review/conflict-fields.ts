import { type ChangeConflict, type ChangeValue, changeValue } from '../../../shared/contract/changes';
import { isUnknownSignIn } from '../../../shared/unknown-sign-in';
import { isEveryModel, shownValue } from './field-values';

/** One field of a record that somebody else changed since. */
export interface ConflictField {
  readonly field: string;
  /** As it was when the change was begun; undefined where nobody has seen it. */
  readonly before: ChangeValue | undefined;
  readonly now: ChangeValue;
  /** Undefined: nothing is wanted of it. */
  readonly wanted: ChangeValue | undefined;
  /**
   * `contested`: both changed it, to different values; `mine`, `theirs`: one of them did; `same`: it is as wanted
   * already.
   */
  readonly kind: 'contested' | 'mine' | 'theirs' | 'same';
}

/** The fields that either side changed. What nobody changed is left out. */
export function conflictFields(
  { now, wanted }: Pick<ChangeConflict, 'now' | 'wanted'>,
  basis: Readonly<Record<string, unknown>>,
): ConflictField[] {
  return Object.entries(now).flatMap(([field, there]): ConflictField[] => {
    const seen = changeValue.safeParse(basis[field]);
    const before = seen.success ? seen.data : undefined;
    const mine = wanted[field];
    const isMoved = before !== undefined && !isAlike(field, before, there);
    if (mine === undefined) {
      return isMoved ? [{ field, before, now: there, wanted: undefined, kind: 'theirs' }] : [];
    }
    // What nobody has seen may have been changed.
    const kind = isAlike(field, mine, there)
      ? 'same'
      : isMoved || before === undefined
        ? 'contested'
        : 'mine';
    return [{ field, before, now: there, wanted: mine, kind }];
  });
}

/** Whether people read two values as the same one: a placeholder is none, and so is an empty text. */
function isAlike(field: string, a: ChangeValue, b: ChangeValue): boolean {
  return JSON.stringify(plain(field, a)) === JSON.stringify(plain(field, b));
}

function plain(field: string, value: ChangeValue): ChangeValue {
  const shown = shownValue(field, value);
  if (shown === '') return null;
  if (isEveryModel(field, shown)) return [];
  return field === 'oauthId' && typeof shown === 'string' && isUnknownSignIn(shown) ? null : shown;
}
