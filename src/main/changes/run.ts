import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { ChangeOutcome, ChangeResult } from '../../shared/contract/changes';
import { AppError } from '../../shared/errors';
import { throwIfCancelled } from '../kernel/cancelled';
import { say } from '../kernel/say';
import type { Connection } from '../postgres/database';
import { detailsOf } from '../postgres/errors';
import type { WorkspaceCall } from '../router/handlers';
import { linkedProxy } from '../workspace/console-settings';
import type { OpenWorkspace } from '../workspace/open-workspace';
import type { ChangedRecord, PartKind, RemoteNews } from './change';
import { byKind, type ChangedPart, judge, labelOf, type Verdict, type Wish } from './judge';
import { keepDeletedRows, keptDeletions, restoreDeletedRows } from './cascade/deleted-rows';
import { alreadyChanged, type JournalEntry, writeJournal } from './journal';
import { moveAside, moveBack } from './moved-aside';
import { type OutboxEntry, writeOutbox } from './outbox';
import type { Plan } from './plans';
import { type Image, readRecordsNow, type RecordNow, type RecordTable, writeRecords } from './record-table';
import { type AuditEntry, writeAudit } from './write-audit';

const shownProblems = 200;
/** How often a slice that met another transaction, or a connection that broke, is tried again. */
const mostTries = 4;
const restMs = [50, 500, 2_000];
/** How long a run asks again for records that another transaction holds, after all others are done; first after a tenth. */
const heldPatienceMs = 5_000;
const heldRestMs = { first: 100, longest: 1_000 };

interface Outcome {
  readonly id: string;
  readonly label: string;
  readonly outcome: ChangeOutcome;
  readonly text: string;
}

interface Batch {
  readonly plan: Plan;
  readonly reason: string | null;
}

/**
 * Does what a plan says, in slices that are a transaction each: data, journal, audit trail and outbox together. A slice
 * that fails is halved until the records it fails on stand alone; records that another transaction holds are left for
 * the end. Running a plan again goes on: what its batch holds already is done.
 * @throws AppError `validation` where the plan may not be run at all, and whatever keeps every record from being
 *   changed: a lost connection, a missing right, a table that is locked as a whole.
 */
export async function runPlan(plan: Plan, reason: string | null, call: WorkspaceCall): Promise<ChangeResult> {
  checkMayRun(plan, reason);
  if (running.has(plan)) {
    throw new AppError('busy', say('changes.running'), { hint: say('changes.runningHint') });
  }
  running.add(plan);
  try {
    return await runSlices(plan, reason, call);
  } finally {
    running.delete(plan);
  }
}

/** Two runs of one plan would each find the other's work. */
const running = new WeakSet<Plan>();

async function runSlices(
  plan: Plan,
  reason: string | null,
  { workspace, signal, report }: WorkspaceCall,
): Promise<ChangeResult> {
  const batch = { plan, reason };
  const { wishes } = plan;
  const title = say('changes.title', { count: wishes.length });
  const outcomes: Outcome[] = [];
  const counts = { done: 0, unchanged: 0, waiting: 0, problems: 0 };
  const count = (outcome: Outcome): void => {
    if (outcome.outcome === 'done') counts.done += 1;
    else if (outcome.outcome === 'unchanged') counts.unchanged += 1;
    else {
      counts.problems += 1;
      if (outcomes.length < shownProblems) outcomes.push(outcome);
    }
  };
  /** Answers which of them another transaction held. */
  const changeAll = async (all: readonly Wish[]): Promise<Wish[]> => {
    const held: Wish[] = [];
    for (let from = 0; from < all.length; from += plan.change.sliceSize) {
      report({ title, done: wishes.length - all.length + from - held.length, total: wishes.length });
      const slice = all.slice(from, from + plan.change.sliceSize);
      await moveAside(plan.change, slice, { workspace, signal, report });
      for (const result of await changeOrHalve(batch, slice, workspace, signal)) {
        counts.waiting += result.waiting;
        result.outcomes.forEach(count);
        held.push(...result.held);
      }
    }
    return held;
  };
  const changeWhatIsFree = async (): Promise<Wish[]> => {
    let held = await changeAll(wishes);
    const until = performance.now() + heldPatienceMs;
    for (let rest = heldRestMs.first; held.length > 0 && performance.now() < until; rest *= 2) {
      await pause(Math.min(rest, heldRestMs.longest), undefined, { signal });
      held = await changeAll(held);
    }
    return held;
  };
  const moving = { workspace, report };
  const held = await changeWhatIsFree().catch(async (error: unknown) => {
    // Stopped or failed in between: whoever stays has the usage in the log again, if the database still answers.
    const { closing } = workspace.database;
    await moveBack(plan.change, mayBeThere(wishes), { ...moving, signal: closing }).catch(() => undefined);
    throw error;
  });
  workspace.dataChanged();
  await moveBack(plan.change, mayBeThere(wishes), { ...moving, signal });
  for (const { id, label } of held) count({ id, label, outcome: 'failed', text: say('changes.held') });
  workspace.dataChanged();
  return {
    batchId: plan.id,
    done: counts.done,
    unchanged: counts.unchanged,
    problems: outcomes,
    problemCount: counts.problems,
    waiting: counts.waiting,
  };
}

/** Records that came back, or that were to go: of those that are gone there is nothing to move. */
function mayBeThere(wishes: readonly Wish[]): string[] {
  return wishes
    .filter(({ way, undoes }) => (way === 'create' ? undoes !== null : way === 'delete' && undoes === null))
    .map(({ id }) => id);
}

function checkMayRun({ refusal, grade }: Plan, reason: string | null): void {
  if (refusal !== null) throw new AppError('validation', refusal);
  if (grade !== 'reversible' && (reason === null || reason === '')) {
    throw new AppError('validation', say('changes.reasonMissing'), {
      hint: say('changes.reasonMissingHint'),
    });
  }
}

interface SliceResult {
  readonly outcomes: readonly Outcome[];
  readonly waiting: number;
  /** What another transaction held: nothing has become of it yet. */
  readonly held: readonly Wish[];
}

async function changeOrHalve(
  batch: Batch,
  wishes: readonly Wish[],
  workspace: OpenWorkspace,
  signal: AbortSignal,
): Promise<SliceResult[]> {
  throwIfCancelled(signal);
  try {
    return [await changeAgain(batch, wishes, workspace, signal)];
  } catch (error) {
    if (!(error instanceof AppError) || !concernsRecords(error)) throw error;
    const [first] = wishes;
    if (wishes.length === 1 && first) {
      const outcome = error.code === 'validation' ? 'refused' : 'failed';
      const { id, label } = first;
      return [{ outcomes: [{ id, label, outcome, text: error.message }], waiting: 0, held: [] }];
    }
    const middle = Math.ceil(wishes.length / 2);
    return [
      ...(await changeOrHalve(batch, wishes.slice(0, middle), workspace, signal)),
      ...(await changeOrHalve(batch, wishes.slice(middle), workspace, signal)),
    ];
  }
}

/** Whether an error may be one record's alone. All others would meet each of them. */
function concernsRecords({ code, details }: AppError): boolean {
  // Class 42: a name that is not there, a statement that cannot be.
  if (details?.['sqlState']?.startsWith('42')) return false;
  return ['db_constraint', 'validation', 'db_server', 'db_timeout', 'conflict'].includes(code);
}

/** One slice; again where it met another transaction, or where the answer to its COMMIT may have been lost. */
async function changeAgain(
  batch: Batch,
  wishes: readonly Wish[],
  workspace: OpenWorkspace,
  signal: AbortSignal,
): Promise<SliceResult> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await workspace.database.write(signal, (connection) =>
        changeSlice(connection, workspace, batch, wishes),
      );
    } catch (error) {
      const isPassing = error instanceof AppError && ['conflict', 'db_unreachable'].includes(error.code);
      if (!isPassing || tries === mostTries) throw error;
      await pause(restMs[tries - 1], undefined, { signal });
    }
  }
}

async function changeSlice(
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
  // What belongs to a record is made after it, and deleted before it.
  const partsAfter: PartsAfter = new Map();
  await writeParts(connection, parts, 'before', partsAfter);
  const restored = await restoreRecords(connection, record, changing, parts, partsAfter);
  const after = new Map([
    ...restored,
    ...(await writeRecords(
      connection,
      record,
      records.filter(({ id }) => !restored.has(id)),
    )),
  ]);
  await writeParts(connection, parts, 'after', partsAfter);
  await change.hold?.(connection, records);
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
    ...written.map(({ wish, before: was, after: is }) =>
      auditOf(plan.action, record, wish.id, {
        before: was,
        after: is,
        ...shared,
        changeId: changeIds.get(wish.id),
      }),
    ),
    ...parts.map((part, index) => {
      const { before: was, after: is } = partEntries[index] ?? { before: {}, after: {} };
      return auditOf(part.kind.action, part.kind.record, part.id, {
        before: was,
        after: is,
        ...shared,
        changeId: partIds.get(part.id),
      });
    }),
  ]);
  const news = [
    ...changing.flatMap(({ changed }) =>
      newsOf(record, changed.id, change.news(changed.before, changed.after), changeIds),
    ),
    ...parts.flatMap((part) =>
      newsOf(part.kind.record, part.id, part.kind.news(part.before, part.after), partIds),
    ),
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

/** What became of a record that was written: a trigger may have had its say. Only what differs is kept. */
function asWritten(
  wish: Wish,
  { before, set }: ChangedRecord,
  record: RecordTable,
  after: ReadonlyMap<string, RecordNow>,
): { readonly wish: Wish; readonly before: Image; readonly after: Image } {
  const now = after.get(wish.id);
  if (now === undefined) {
    // Somebody's trigger or policy kept the row from being written without a word.
    throw new AppError('db_server', say('changes.notWritten', { table: record.relation }), {
      hint: say('changes.notWrittenHint'),
    });
  }
  return { wish, before: picked(before, set, now.image), after: picked(now.image, set, before) };
}

/** The fields that were set, and those that differ besides. */
function picked(image: Image, set: Image, other: Image): Image {
  return Object.fromEntries(
    Object.entries(image).filter(
      ([field, value]) => field in set || JSON.stringify(value) !== JSON.stringify(other[field]),
    ),
  );
}

/**
 * Brings back records that a console deleted, as they were kept and with all that went with them. Answers what is there
 * now, the parts among it.
 */
async function restoreRecords(
  connection: Connection,
  record: RecordTable,
  changing: readonly Extract<Verdict, { kind: 'change' }>[],
  parts: readonly ChangedPart[],
  partsAfter: PartsAfter,
): Promise<Map<string, RecordNow>> {
  const undone = changing.flatMap(({ wish }) =>
    wish.way === 'create' && wish.undoes !== null ? [wish.undoes] : [],
  );
  const restored: string[] = [];
  for (const [batchId, ids] of await keptDeletions(connection, record.kind, undone)) {
    await restoreDeletedRows(connection, { batchId, record, ids });
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
  for (const [kind, group] of byKind(due)) {
    const written = await writeRecords(connection, kind.record, group);
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
    throw new AppError('db_server', say('changes.notWritten', { table: part.kind.record.relation }), {
      hint: say('changes.notWrittenHint'),
    });
  }
  return {
    action: part.kind.action,
    kind: part.kind.record.kind,
    id: part.id,
    before: picked(part.before, part.set, now.image),
    after: picked(now.image, part.set, part.before),
    undoes: part.undoes,
    partOf: changeIds.get(part.of) ?? null,
  };
}

function auditOf(
  action: string,
  { resourceType }: RecordTable,
  resourceId: string,
  metadata: Readonly<Record<string, unknown>>,
): AuditEntry {
  return { action, resourceType, resourceId, metadata };
}

function newsOf(
  { kind }: RecordTable,
  id: string,
  news: RemoteNews | null,
  changeIds: ReadonlyMap<string, string>,
): OutboxEntry[] {
  const changeId = changeIds.get(id);
  return news === null || changeId === undefined ? [] : [{ changeId, kind, id, news }];
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
      return { id, label: labelOf(change, verdict.now), outcome: 'unchanged', text: '' };
    case 'changed_since':
      return {
        id,
        label: labelOf(change, verdict.now),
        outcome: 'changed_since',
        text: say('changes.changedSince'),
      };
    case 'gone':
      return { id, label: verdict.wish.label, outcome: 'gone', text: say('changes.gone') };
  }
}
