import type { PullContext } from '../pull/pull-context';
import type { AttributeOptions } from './attribute-spend';
import { SliceReader } from './slice-reader';
import { dayMs } from './spend-source';
import type { SpendPosition } from '../pull/store/sync-runs';

const secondMs = 1_000;
/**
 * Rows are keyed by when a request began and appear after it ended and was flushed (API reference §1.6, write lag): what
 * was read is read again this far back.
 */
const overlapMs = 30 * 60_000;
/** Once a day stragglers are looked for this far back. */
const rereadMs = 2 * dayMs;

/**
 * Reads the spend log in slices of time. The first time from now backwards, so that screens fill at once; after that
 * what is new, oldest first, and then whatever the first backfill still owes.
 */
export async function pullSpend(context: PullContext, options: AttributeOptions): Promise<void> {
  const nowMs = Math.ceil(context.now().getTime() / secondMs) * secondMs;
  const position = context.run.cursor.spend ?? firstPosition(nowMs, context.backfillDays);
  const reader = new SliceReader(context, options);
  const upToMs = Date.parse(position.upTo);
  const isReread = nowMs - Date.parse(position.rereadAt) >= dayMs;
  const fromMs = Math.min(nowMs, upToMs - (isReread ? rereadMs : overlapMs));
  let current = position;
  if (context.run.cursor.spend !== null) {
    for await (const slice of reader.forwards(fromMs, nowMs)) {
      const reached = Math.max(slice.toMs, upToMs);
      const finished = isReread && slice.toMs >= nowMs ? { rereadAt: instantOf(nowMs) } : {};
      current = { ...current, upTo: instantOf(reached), ...finished };
      await reader.store(slice, current);
    }
  }
  for await (const slice of reader.backwards(Date.parse(current.from), Date.parse(current.target))) {
    current = { ...current, from: instantOf(slice.fromMs) };
    await reader.store(slice, current);
  }
  await reader.flush();
}

function firstPosition(nowMs: number, backfillDays: number): SpendPosition {
  const now = instantOf(nowMs);
  return {
    from: now,
    upTo: now,
    target: instantOf(nowMs - backfillDays * dayMs),
    countFrom: now,
    rereadAt: now,
  };
}

function instantOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('Z', '000Z');
}
