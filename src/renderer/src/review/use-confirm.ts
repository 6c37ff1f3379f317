import { useEffect, useEffectEvent, useState } from 'react';
import type { ChangePreview } from '../../../shared/contract/changes';
import { instant } from '../../../shared/contract/values';

interface Confirming {
  /** Starts what is shown; while it is being read anew, as soon as that has shown the same. */
  readonly confirm: () => void;
  /** It was confirmed while it was being read anew, and is not what was confirmed any more. */
  readonly hasMoved: boolean;
}

/**
 * What a person confirms is what was on screen: other changes have a review read anew at any moment, and neither is a
 * key that is pressed meanwhile lost, nor does it confirm something that nobody has seen.
 */
export function useConfirm(
  shown: ChangePreview | undefined,
  isReading: boolean,
  start: () => void,
): Confirming {
  const [confirmed, setConfirmed] = useState<ChangePreview | null>(null);
  const hasCome = confirmed !== null && shown !== undefined && !isReading;
  const mayGoOn = hasCome && isSame(confirmed, shown);
  const goOn = useEffectEvent(start);
  useEffect(() => {
    if (mayGoOn) goOn();
  }, [mayGoOn]);
  return {
    hasMoved: hasCome && !mayGoOn,
    confirm: () => {
      setConfirmed(isReading ? (shown ?? null) : null);
      if (!isReading) start();
    },
  };
}

/** Whether two previews say the same: each reading makes a plan of its own. */
function isSame(one: ChangePreview, other: ChangePreview): boolean {
  const [first, second] = [one, other].map(({ records, ...rest }) =>
    JSON.stringify({ ...rest, plan: '', records: records.map(withoutMoment) }),
  );
  return first === second;
}

/** What happens as soon as it is confirmed, such as a revocation, has a moment of its own at each reading. */
function withoutMoment(record: ChangePreview['records'][number]): unknown {
  return {
    ...record,
    fields: record.fields.map(({ after, ...field }) => ({
      ...field,
      after: typeof after === 'string' && isPast(after) ? 'now' : after,
    })),
  };
}

/** Another clock, the database's, may be a little ahead of this one. */
const clocksMs = 60_000;
const isPast = (text: string): boolean =>
  instant.safeParse(text).success && Date.parse(text) <= Date.now() + clocksMs;
