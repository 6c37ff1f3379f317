import type { Contract } from '../../../shared/contract/index';
import {
  mostMoments,
  type SuspensionAnswer,
  type SuspensionMoment,
} from '../../../shared/contract/suspension';
import { isDecimal } from '../../../shared/decimal';
import type { Connection } from '../../postgres/database';
import type { Handler } from '../../router/handlers';
import { subscriptionIsGone } from '../get-subscription';
import { readEvents, type RecordedEvent } from '../subscription-events';
import {
  editMoments,
  readChanges,
  readCountedAfter,
  readRequests,
  readRuns,
  type RecordedChange,
} from './moments';
import { exceededQuotas, readState, remediesOf, type SuspensionState } from './remedies';

/** Why a subscription lets nothing through: what happened to it, and what restores service. Throws `not_found`. */
export const whySuspended: Handler<Contract['subscriptions']['whySuspended']> = (
  { id },
  { signal, workspace: { database } },
) =>
  database.read(signal, async (connection) => {
    const state = await readState(connection, id);
    if (state === undefined) throw subscriptionIsGone();
    // One more than is shown says that there are more.
    const limit = mostMoments + 1;
    const events = await readEvents(connection, id, limit);
    const changes = await readChanges(connection, id, limit);
    const edits = await editMoments(connection, id, changes, limit);
    const requests = await readRequests(connection, events);
    const moments: SuspensionMoment[] = [
      ...events
        .filter((recorded) => !isToldByChange(recorded, changes))
        .map(({ event }) => ({ kind: 'event' as const, ...event })),
      ...edits,
      ...requests,
      ...(await readRuns(connection, events)),
    ];
    const timeline = moments.toSorted((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
    const last = lastEventOf(state, events);
    return {
      ...(await storyOf(connection, id, state, last, changes)),
      request: requestOf(last, requests),
      exceeded: exceededQuotas(state),
      obstacles: state.obstacles,
      remedies: remediesOf(state),
      timeline: timeline.slice(0, mostMoments),
      hasMore: timeline.length > mostMoments,
    };
  });

const isStopped = ({ status }: SuspensionState): boolean => status === 'suspended' || status === 'expired';

/** The event that brought about what the database holds; none where only the clock did. */
function lastEventOf(state: SuspensionState, events: readonly RecordedEvent[]): RecordedEvent | undefined {
  if (!isStopped(state) || state.storedStatus === 'active') return undefined;
  // What comes back after a deletion or a cancelling has the status that it had: no deed of whoever brought it back.
  return events.find(
    ({ event: { from, to } }, index) =>
      to === state.storedStatus && ((from !== null && from !== 'cancelled') || index === events.length - 1),
  );
}

const nothingKnown = { cause: null, since: null, actor: null, reason: null } as const;

async function storyOf(
  connection: Connection,
  id: string,
  state: SuspensionState,
  last: RecordedEvent | undefined,
  changes: readonly RecordedChange[],
): Promise<Pick<SuspensionAnswer, 'cause' | 'since' | 'actor' | 'reason'>> {
  if (!isStopped(state)) return nothingKnown;
  if (state.storedStatus === 'active') return { ...nothingKnown, cause: 'expiry', since: state.expiresAt };
  if (last === undefined) return nothingKnown;
  const { at, actor, reason, cause } = last.event;
  const known = plainCauses.find((plain) => plain === cause);
  const isQuota = cause === 'quota';
  const found = known ?? (isQuota ? await quotaCause(connection, id, state, last, changes) : null);
  return { cause: found, since: at, actor, reason };
}

const plainCauses = ['admin', 'sync', 'expiry'] as const;

async function quotaCause(
  connection: Connection,
  id: string,
  state: SuspensionState,
  { event, exceededBy, exceededQuota, requestId, requestAt }: RecordedEvent,
  changes: readonly RecordedChange[],
): Promise<SuspensionAnswer['cause']> {
  if (exceededBy === 'quota') return 'lowered_quota';
  if (exceededBy === 'correction') return 'late_correction';
  if (exceededQuota === 'requests') return 'request_quota';
  if (exceededQuota === 'tokens') return 'token_quota';
  // Before it was recorded which quota was exceeded, only a request was named.
  if (requestId === null || requestAt === null) return null;
  const isOver = (quota: 'quotaRequests' | 'quotaTokens', used: string, later = '0'): boolean => {
    const then = quotaAt(event.at, quota, changes, state[quota]);
    return then !== null && BigInt(used) - BigInt(later) > BigInt(then);
  };
  const [overRequests, overTokens] = [
    isOver('quotaRequests', state.usedRequests),
    isOver('quotaTokens', state.usedTokens),
  ];
  if (!overRequests) return overTokens ? 'token_quota' : null;
  if (!overTokens) return 'request_quota';
  // Both by now: which was first is what they were at that request.
  const later = await readCountedAfter(connection, id, { id: requestId, at: requestAt });
  if (later === null) return null;
  if (isOver('quotaRequests', state.usedRequests, later.requests)) return 'request_quota';
  return isOver('quotaTokens', state.usedTokens, later.tokens) ? 'token_quota' : null;
}

/** A quota as it was at a moment: what the first edit since then found there, else what it is now. */
function quotaAt(
  at: string,
  field: 'quotaRequests' | 'quotaTokens',
  changes: readonly RecordedChange[],
  now: string | null,
): string | null {
  const edit = changes.findLast(
    ({ at: changed, before }) => changed > at && before !== null && field in before,
  );
  if (edit === undefined) return now;
  const was = edit.before?.[field] ?? null;
  return typeof was === 'string' && isDecimal(was) ? was : null;
}

function requestOf(
  last: RecordedEvent | undefined,
  requests: Awaited<ReturnType<typeof readRequests>>,
): SuspensionAnswer['request'] {
  if (last === undefined || last.requestId === null || last.requestAt === null) return null;
  const found = requests.find(({ id }) => id === last.requestId);
  return { at: last.requestAt, found: found ?? null };
}

const sameTransaction = 60_000;

/** Whether a console's own edit says already that the status became this. */
function isToldByChange({ event }: RecordedEvent, changes: readonly RecordedChange[]): boolean {
  return (
    event.cause === 'admin' &&
    changes.some(
      ({ at, after }) =>
        after?.['status'] === event.to && Math.abs(Date.parse(at) - Date.parse(event.at)) < sameTransaction,
    )
  );
}
