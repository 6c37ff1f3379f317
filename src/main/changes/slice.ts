import { sql } from 'drizzle-orm';
import pg from 'pg';
import type { ChangeOutcome } from '../../shared/contract/changes';
import { AppError } from '../../shared/errors';
import { say } from '../kernel/say';
import type { Connection } from '../postgres/database';
import { detailsOf } from '../postgres/errors';
import { linkedProxy } from '../workspace/console-settings';
import type { OpenWorkspace } from '../workspace/open-workspace';
import type { ChangedRecord, PartKind, SubscriptionCause } from './change';
import { byKind, type ChangedPart, judge, labelOf, type Verdict, type Wish } from './judge';
import {
  keepDeletedRows,
  keptDeletions,
  newsOfReturningKey,
  restoreDeletedRows,
} from './cascade/deleted-rows';
import { findKeptByTrigger } from './cascade/walk';
import type { Losses } from './cascade/lost-parents';
import { alreadyChanged, type JournalEntry, writeJournal } from './journal';
import { forgetAside, restoreAside } from './moved-aside';
import { newsOf } from './news';
import { type OutboxEntry, writeOutbox } from './outbox';
import type { Plan } from './plans';
import {
  type Image,
  isThere,
  readRecordsNow,
  type RecordNow,
  type RecordTable,
  writeRecords,
} from './record-table';
import { type AuditEntry, operatorName, writeAudit } from './write-audit';

/** What became of one record. */
export interface Outcome {
  readonly id: string;
  readonly label: string;
  readonly outcome: ChangeOutcome;
  readonly text: string;
}

/** What is run, and why. */
export interface Batch {
  readonly plan: Plan;
  readonly reason: string | null;
}

/** What became of the records of a slice. */
export interface SliceResult {
  readonly outcomes: readonly Outcome[];
  readonly waiting: number;
  /** What another transaction held: nothing has become of it yet. */
  readonly held: readonly Wish[];
}

/**
 * Writes one slice in the caller's transaction: data, journal, audit trail and outbox together.
 * @throws AppError as the database refuses it; `busy` where a whole table is locked.
 */
export async function changeSlice(
  connection: Connection,
  workspace: OpenWorkspace,
  { plan, reason }: Batch,
  wishes: readonly Wish[],
): Promise<SliceResult> {
  const { change, id: batchId } = plan;
  const { record } = change;
  const judged = await judge(connection, change, wishes, 'lock').catch(throwTableLocked);
  // Asked under the locks: a COMMIT whose answer was lost may still be at work, and holds them until it is through.
  const before = await alreadyChanged(
    connection,
    batchId,
    record.kind,
    wishes.map(({ id }) => id),
  );
  const done = wishes.filter(({ id }) => before.has(id));
  const verdicts = judged.verdicts.filter(({ wish }) => !before.has(wish.id));
  const parts = judged.parts.filter(({ of }) => !before.has(of));
  const changing = verdicts.filter((verdict) => verdict.kind === 'change');
  const records = changing.map(({ changed }) => changed);
  const deleted = records.filter(({ way }) => way === 'delete').map(({ id }) => id);
  if (judged.cascade !== null && deleted.length > 0) {
    await keepDeletedRows(connection, { batchId, record, ids: deleted }, judged.cascade);
  }
  const kinds = [record, ...parts.map(({ kind }) => kind.record)];
  // They may go, or come back, with what they belong to.
  const isFollowed = judged.cascade !== null || judged.losses !== null;
  if (isFollowed || kinds.some(({ kind }) => kind === 'subscription')) {
    await nameActor(connection, reason, change.cause);
  }
  await change.beforeParts?.(connection, parts);
  // What belongs to a record is made after it, and deleted before it.
  const partsAfter: PartsAfter = new Map();
  await writeParts(connection, parts, 'before', partsAfter);
  const losses = judged.losses ?? { rows: [], emptied: new Map() };
  const restored = await restoreRecords(connection, record, { changing, parts, losses }, partsAfter);
  await restoreAside(
    connection,
    change,
    { batchId, action: plan.action, reason },
    records.filter(({ id }) => restored.has(id)),
  );
  const after = new Map([
    ...restored,
    ...(await writeRecords(
      connection,
      record,
      records.filter(({ id }) => !restored.has(id)),
    )),
  ]);
  await writeParts(connection, parts, 'after', partsAfter);
  const keptIn =
    judged.cascade === null ? null : await findKeptByTrigger(connection, judged.cascade, deleted);
  if (keptIn !== null) throw notWritten(keptIn);
  await forgetAside(connection, record.kind, deleted);
  await change.hold?.(connection, records, parts);
  const written = changing.map(({ wish, changed }) => asWritten(wish, changed, record, after));
  const changeIds = await writeJournal(
    connection,
    { id: batchId, reason },
    written.map(({ wish, before: was, after: is }) => ({
      action: plan.action,
      kind: record.kind,
      id: wish.id,
      before: was,
      after: is,
      undoes: wish.undoes,
      partOf: null,
    })),
  );
  const partEntries = parts.map((part) => entryOfPart(part, partsAfter, changeIds));
  const partIds = await writeJournal(connection, { id: batchId, reason }, partEntries);
  const shared = { reason, batchId };
  await writeAudit(connection, workspace, [
    ...written.map(({ wish, whole, before: was, after: is }) =>
      auditOf(
        plan.action,
        record,
        { id: wish.id, image: whole },
        {
          before: was,
          after: is,
          ...shared,
          changeId: changeIds.get(wish.id),
        },
      ),
    ),
    ...parts.map((part, index) => {
      const { before: was, after: is } = partEntries[index] ?? { before: {}, after: {} };
      return auditOf(
        actionOf(part),
        part.kind.record,
        { id: part.id, image: wholeOf(part) },
        {
          before: was,
          after: is,
          ...shared,
          changeId: partIds.get(part.id),
        },
      );
    }),
  ]);
  // What a trigger made of it counts too.
  const asTheyAre = records.map((each) => ({ ...each, after: after.get(each.id)?.image ?? each.after }));
  const { ofRecords, ofParts } = await newsOf(connection, change, asTheyAre, parts);
  const news = [
    ...ofRecords.flatMap((each) => journalled(each, changeIds)),
    ...ofParts.flatMap((each) => journalled(each, partIds)),
    ...(judged.losses?.keys ?? []).flatMap(({ of, id }): OutboxEntry[] => {
      const changeId = changeIds.get(of);
      return changeId === undefined ? [] : [{ changeId, kind: 'api_key', id, news: newsOfReturningKey }];
    }),
  ];
  const proxy = news.length === 0 ? null : await linkedProxy(connection);
  if (proxy !== null) await writeOutbox(connection, proxy, news);
  return {
    outcomes: [
      ...done.map(({ id, label }) => ({ id, label, outcome: 'done' as const, text: '' })),
      ...verdicts.flatMap((verdict) => (verdict.kind === 'held' ? [] : [outcomeOf(change, verdict)])),
    ],
    waiting: proxy === null ? 0 : news.length,
    held: verdicts.filter(({ kind }) => kind === 'held').map(({ wish }) => wish),
  };
}

/** The triggers that write the history of subscriptions know only what the transaction tells them. */
async function nameActor(
  { run }: Connection,
  reason: string | null,
  cause: SubscriptionCause | undefined,
): Promise<void> {
  await run(sql`
    SELECT set_config('litemaas.actor', ${operatorName()}, true), set_config('litemaas.reason', ${reason ?? ''}, true),
      set_config('litemaas.cause', ${cause ?? ''}, true)`);
}

/** Empty: what is written then is a person's deed. */
async function nameCause({ run }: Connection, cause: SubscriptionCause | ''): Promise<void> {
  await run(sql`SELECT set_config('litemaas.cause', ${cause}, true)`);
}

/** No row is waited for: what times out then is the lock of a table, which every other slice would meet too. */
function throwTableLocked(error: unknown): never {
  if (error instanceof pg.DatabaseError && error.code === '55P03') {
    throw new AppError('busy', say('changes.tableHeld'), {
      hint: say('changes.tableHeldHint'),
      details: detailsOf(error),
      cause: error,
    });
  }
  throw error;
}

/** Somebody's trigger or policy kept a row from being written, without a word. */
function notWritten(table: string): AppError {
  return new AppError('db_server', say('changes.notWritten', { table }), {
    hint: say('changes.notWrittenHint'),
  });
}

/** What became of a record that was written: a trigger may have had its say. Only what differs is kept. */
function asWritten(
  wish: Wish,
  changed: ChangedRecord,
  record: RecordTable,
  after: ReadonlyMap<string, RecordNow>,
): { readonly wish: Wish; readonly whole: Image; readonly before: Image; readonly after: Image } {
  const { before, set } = changed;
  const now = after.get(wish.id);
  if (now === undefined) {
    throw notWritten(record.relation);
  }
  return {
    wish,
    whole: wholeOf(changed),
    before: picked(record, before, set, now.image),
    after: picked(record, now.image, set, before),
  };
}

/** All that is known of a record once it is written; of one that goes, what it was. */
function wholeOf({ before, after }: Pick<ChangedRecord, 'before' | 'after'>): Image {
  return isThere(after) ? after : before;
}

/** The fields that were set, those that differ besides, and those without which a change says too little. */
function picked({ context }: RecordTable, image: Image, set: Image, other: Image): Image {
  return Object.fromEntries(
    Object.entries(image).filter(
      ([field, value]) =>
        field in set || context.includes(field) || JSON.stringify(value) !== JSON.stringify(other[field]),
    ),
  );
}

/** What comes back: records, what goes with them, and what of it stays away or empty. */
interface Returning {
  readonly changing: readonly Extract<Verdict, { kind: 'change' }>[];
  readonly parts: readonly ChangedPart[];
  readonly losses: Pick<Losses, 'rows' | 'emptied'>;
}

/**
 * Brings back records that a console deleted, as they were kept and with all that went with them. Answers what is there
 * now, the parts among it.
 */
async function restoreRecords(
  connection: Connection,
  record: RecordTable,
  { changing, parts, losses }: Returning,
  partsAfter: PartsAfter,
): Promise<Map<string, RecordNow>> {
  const undone = changing.flatMap(({ wish }) =>
    wish.way === 'create' && wish.undoes !== null ? [wish.undoes] : [],
  );
  const restored: string[] = [];
  for (const [batchId, ids] of await keptDeletions(connection, record.kind, undone)) {
    await restoreDeletedRows(connection, { batchId, record, ids }, losses);
    restored.push(...ids);
  }
  for (const [kind, group] of byKind(
    parts.filter(({ of, way }) => way === 'create' && restored.includes(of)),
  )) {
    partsAfter.set(
      kind,
      await readRecordsNow(
        connection,
        kind.record,
        group.map(({ id }) => id),
      ),
    );
  }
  return readRecordsNow(connection, record, restored);
}

/** What parts are once they are written, by their kind and id. */
type PartsAfter = Map<PartKind, Map<string, RecordNow>>;

/** Writes the parts whose turn is before or after the records they belong to. */
async function writeParts(
  connection: Connection,
  parts: readonly ChangedPart[],
  turn: 'before' | 'after',
  partsAfter: PartsAfter,
): Promise<void> {
  const due = parts.filter(
    ({ kind, id, way }) =>
      (way === 'delete') === (turn === 'before') && partsAfter.get(kind)?.has(id) !== true,
  );
  const groups = [...byKind(due)];
  for (const [kind, group] of turn === 'before' ? groups.reverse() : groups) {
    if (kind.cause !== undefined) await nameCause(connection, kind.cause);
    const written = await writeRecords(connection, kind.record, group);
    if (kind.cause !== undefined) await nameCause(connection, '');
    partsAfter.set(kind, new Map([...(partsAfter.get(kind) ?? []), ...written]));
  }
}

function entryOfPart(
  part: ChangedPart,
  after: PartsAfter,
  changeIds: ReadonlyMap<string, string>,
): JournalEntry {
  const now = after.get(part.kind)?.get(part.id);
  if (now === undefined) {
    throw notWritten(part.kind.record.relation);
  }
  return {
    action: actionOf(part),
    kind: part.kind.record.kind,
    id: part.id,
    before: picked(part.kind.record, part.before, part.set, now.image),
    after: picked(part.kind.record, now.image, part.set, part.before),
    undoes: part.undoes,
    partOf: changeIds.get(part.of) ?? null,
  };
}

function actionOf({ kind: { actions }, way }: ChangedPart): string {
  return actions[way] ?? actions.update;
}

function auditOf(
  action: string,
  { resourceType, audited }: RecordTable,
  { id, image }: Pick<RecordNow, 'id' | 'image'>,
  metadata: Readonly<Record<string, unknown>>,
): AuditEntry {
  if (audited === null) return { action, resourceType, resourceId: id, metadata };
  const facts = Object.fromEntries(audited.facts.map((field) => [field, image[field] ?? null]));
  const resourceId = String(image[audited.resourceId] ?? id);
  return { action, resourceType, resourceId, metadata: { ...facts, ...metadata } };
}

function journalled(
  news: Omit<OutboxEntry, 'changeId'>,
  changeIds: ReadonlyMap<string, string>,
): OutboxEntry[] {
  const changeId = changeIds.get(news.id);
  return changeId === undefined ? [] : [{ changeId, ...news }];
}

function outcomeOf(change: Plan['change'], verdict: Exclude<Verdict, { readonly kind: 'held' }>): Outcome {
  const { id } = verdict.wish;
  switch (verdict.kind) {
    case 'change':
      return { id, label: verdict.changed.label, outcome: 'done', text: '' };
    case 'refused': {
      const text = verdict.findings.find(({ severity }) => severity === 'error')?.text ?? '';
      return { id, label: verdict.changed.label, outcome: 'refused', text };
    }
    case 'unchanged':
      return { id, label: labelOf(change, verdict.now, verdict.wish), outcome: 'unchanged', text: '' };
    case 'changed_since':
      return {
        id,
        label: labelOf(change, verdict.now, verdict.wish),
        outcome: 'changed_since',
        text: say('changes.changedSince'),
      };
    case 'gone':
      return { id, label: verdict.wish.label, outcome: 'gone', text: say('changes.gone') };
  }
}
