import { grouped } from '../../shared/grouped';
import { say } from '../kernel/say';
import type { Connection } from '../postgres/database';
import { cascadeFindings } from './cascade/findings';
import { findLosses, type Losses } from './cascade/lost-parents';
import { type Cascade, followCascade } from './cascade/walk';
import type { Change, ChangedRecord, Part, PartKind, RecordFinding } from './change';
import {
  type Image,
  isSame,
  lockRecords,
  nothing,
  readRecordsNow,
  recordKinds,
  type RecordNow,
  type RecordTable,
  type Way,
} from './record-table';
import { holdsSecret } from './without-secrets';

/**
 * A record as it must still be to be changed: whole as it was seen, in what an undo takes back, or `as it is` where
 * nobody has seen it yet (a filter found it).
 */
export type Expected = 'as it is' | { readonly version: string } | { readonly fields: Image };

/** One record that is to be made, changed or deleted. */
export interface Wish {
  readonly id: string;
  readonly way: Way;
  /** The name by which people know it, as far as it is known. */
  readonly label: string;
  /** A record that is to be made must not be there, whatever this says. */
  readonly expected: Expected;
  readonly set: Image;
  /** The journal's row that is taken back. */
  readonly undoes: string | null;
  /** An undo says what else changes; otherwise the change does. */
  readonly parts: readonly PartWish[] | null;
}

export interface PartWish extends Omit<Part, 'of'> {
  readonly expected: Expected | null;
  readonly undoes: string | null;
}

export interface ChangedPart extends PartWish {
  readonly of: string;
  readonly before: Image;
  readonly after: Image;
}

interface Changing {
  readonly wish: Wish;
  readonly now: RecordNow;
  readonly changed: ChangedRecord;
  readonly findings: readonly RecordFinding[];
}

/** What a wish comes to as the records are now. */
export type Verdict =
  | (Changing & { readonly kind: 'change' })
  | (Changing & { readonly kind: 'refused' })
  | { readonly kind: 'unchanged' | 'changed_since'; readonly wish: Wish; readonly now: RecordNow }
  | { readonly kind: 'held'; readonly wish: Wish; readonly now: RecordNow }
  | { readonly kind: 'gone'; readonly wish: Wish };

export interface Judged {
  readonly verdicts: readonly Verdict[];
  readonly parts: readonly ChangedPart[];
  /** What the foreign keys do to the records that are deleted; NULL where none is. */
  readonly cascade: Cascade | null;
  /** What records that come back come back without; NULL where none does. */
  readonly losses: Losses | null;
}

/**
 * Compares wishes with what the records are now and lets the change's rules speak: the preview and the run ask the same.
 * @param lock `lock` in the transaction that changes them: what another one holds, or a part of it, is `held`.
 */
export async function judge(
  connection: Connection,
  change: Change,
  wanted: readonly Wish[],
  lock: 'lock' | 'look',
): Promise<Judged> {
  const ids = wanted.map(({ id }) => id);
  const { records, held } = await recordsNow(connection, change.record, ids, lock);
  const names = await change.namesOf?.(
    connection,
    wanted.map(({ id, set }) => ({ id, image: (records.get(id) ?? held.get(id))?.image ?? set })),
  );
  const settled = (await change.settle?.(connection, wanted, records)) ?? wanted;
  const wishes = settled.map((wish) => ({ ...wish, label: names?.get(wish.id) ?? wish.label }));
  const byThemselves = wishes.map((wish): Verdict => {
    const other = held.get(wish.id);
    return other === undefined
      ? verdictOf(change, wish, records.get(wish.id))
      : { kind: 'held', wish, now: other };
  });
  const free = lock === 'lock' ? await withHeldAround(connection, change, byThemselves) : byThemselves;
  const verdicts = await withRulesOfEach(connection, change, free);
  const { mayGo, cascade } = await followDeletions(connection, change, verdicts, lock);
  const { mayCome, losses } = await followReturns(connection, change, mayGo);
  const found = (await partsOf(connection, change, mayCome, lock)).filter(
    ({ way, id }) => way !== 'create' || losses?.rowIds.has(id) !== true,
  );
  const inTheWay = new Map(found.flatMap(({ of, obstacle }) => (obstacle === null ? [] : [[of, obstacle]])));
  return {
    verdicts: mayCome.map((verdict) => {
      const obstacle = inTheWay.get(verdict.wish.id);
      return verdict.kind === 'change' && obstacle !== undefined
        ? { kind: obstacle, wish: verdict.wish, now: verdict.now }
        : verdict;
    }),
    parts: found.filter(({ of }) => !inTheWay.has(of)),
    cascade,
    losses,
  };
}

/** Keeps what the rules look at besides as it is; what another transaction holds makes its records wait too. */
async function withHeldAround(
  connection: Connection,
  change: Change,
  verdicts: readonly Verdict[],
): Promise<readonly Verdict[]> {
  const changing = verdicts.flatMap((verdict) => (verdict.kind === 'change' ? [verdict.changed] : []));
  if (change.lockAround === undefined || changing.length === 0) return verdicts;
  const held = await change.lockAround(connection, changing);
  return verdicts.map((verdict) =>
    verdict.kind === 'change' && held.has(verdict.wish.id)
      ? { kind: 'held', wish: verdict.wish, now: verdict.now }
      : verdict,
  );
}

/** Lets the rules speak that look beyond a record's own columns. */
async function withRulesOfEach(
  connection: Connection,
  change: Change,
  verdicts: readonly Verdict[],
): Promise<readonly Verdict[]> {
  const changing = verdicts.flatMap((verdict) => (verdict.kind === 'change' ? [verdict.changed] : []));
  if (change.rulesOfEach === undefined || changing.length === 0) return verdicts;
  const found = await change.rulesOfEach(connection, changing);
  return verdicts.map((verdict) => {
    const more = found.get(verdict.wish.id) ?? [];
    return verdict.kind === 'change' && more.length > 0 ? withFindings(verdict, more) : verdict;
  });
}

/** A verdict with more to say of it: an error among it refuses the change. */
function withFindings(
  verdict: Extract<Verdict, { kind: 'change' }>,
  more: readonly RecordFinding[],
): Verdict {
  const findings = [...verdict.findings, ...more];
  const kind = findings.some(({ severity }) => severity === 'error') ? 'refused' : 'change';
  return { ...verdict, kind, findings };
}

/** Follows the foreign keys of what is to be deleted, and keeps those records whose going they forbid. */
async function followDeletions(
  connection: Connection,
  change: Change,
  verdicts: readonly Verdict[],
  lock: 'lock' | 'look',
): Promise<{ readonly mayGo: readonly Verdict[]; readonly cascade: Cascade | null }> {
  const going = verdicts.filter((verdict) => verdict.kind === 'change' && verdict.changed.way === 'delete');
  if (going.length === 0) return { mayGo: verdicts, cascade: null };
  const ids = going.map(({ wish }) => wish.id);
  const cascade = await followCascade(connection, change.record, ids, lock);
  const mayGo = verdicts.map((verdict): Verdict => {
    if (verdict.kind !== 'change' || verdict.changed.way !== 'delete') return verdict;
    const isTakenBack = verdict.wish.undoes !== null;
    const own = isTakenBack ? (change.deletion?.own ?? []) : null;
    return withFindings(verdict, cascadeFindings(cascade, verdict.wish.id, own));
  });
  const stays = mayGo.some(({ kind, wish }) => kind === 'refused' && ids.includes(wish.id));
  // What belongs to the records that stay is no part of it.
  return stays ? followDeletions(connection, change, mayGo, lock) : { mayGo, cascade };
}

/** Looks what records that come back refer to, and keeps those away that would not be whole. */
async function followReturns(
  connection: Connection,
  change: Change,
  verdicts: readonly Verdict[],
): Promise<{ readonly mayCome: readonly Verdict[]; readonly losses: Losses | null }> {
  const undone = verdicts.flatMap(({ kind, wish: { way, undoes } }) =>
    kind === 'change' && way === 'create' && undoes !== null ? [undoes] : [],
  );
  if (undone.length === 0) return { mayCome: verdicts, losses: null };
  const losses = await findLosses(connection, change.record, undone);
  const mayCome = verdicts.map((verdict): Verdict => {
    if (verdict.kind !== 'change') return verdict;
    return withFindings(verdict, losses.findings.get(verdict.wish.id) ?? []);
  });
  // Nothing that stays away comes back with the others.
  return mayCome.some(({ kind }, place) => kind !== verdicts[place]?.kind)
    ? followReturns(connection, change, mayCome)
    : { mayCome, losses };
}

async function recordsNow(
  connection: Connection,
  record: RecordTable,
  ids: readonly string[],
  lock: 'lock' | 'look',
): ReturnType<typeof lockRecords> {
  if (lock === 'lock') return lockRecords(connection, record, ids);
  return { records: await readRecordsNow(connection, record, ids), held: new Map() };
}

/** Stands for the version of a record that is not there. */
const notThere = '0'.repeat(32);

function verdictOf(change: Change, wish: Wish, found: RecordNow | undefined): Verdict {
  const { record } = change;
  const { id, way } = wish;
  if (way === 'create' && found !== undefined) return { kind: 'changed_since', wish, now: found };
  const now = way === 'create' ? { id, version: notThere, image: nothing } : found;
  if (now === undefined) return { kind: 'gone', wish };
  if (way !== 'create' && !isAsExpected(record, wish.expected, now)) {
    return { kind: 'changed_since', wish, now };
  }
  // What is as wished already still changes with what is to change along with it.
  const hasParts = (wish.parts ?? []).length > 0 && Object.keys(wish.set).length > 0;
  const written =
    writtenOf(record, way, wish.set, now.image) ?? (hasParts ? { set: wish.set, after: now.image } : null);
  if (written === null) return { kind: 'unchanged', wish, now };
  const { set, after } = written;
  const image = way === 'delete' ? now.image : after;
  const changed = {
    id,
    way,
    label: labelOf(change, { id, image }, wish),
    before: now.image,
    after,
    set,
    undoes: wish.undoes,
  };
  const findings = [...change.rules(now.image, after, id), ...forgottenFindings(way, set, now.image)];
  const kind = findings.some(({ severity }) => severity === 'error') ? 'refused' : 'change';
  return { kind, wish, now, changed, findings };
}

/** What was there before is kept for an undo, unless it may not be. */
function forgottenFindings(way: Way, set: Image, before: Image): readonly RecordFinding[] {
  if (way !== 'update' || !Object.keys(set).some((field) => holdsSecret(before[field]))) return [];
  return [{ severity: 'warning', text: say('changes.secretForgotten') }];
}

/** What is written of a record and what it is afterwards; NULL where it is as wished already. */
function writtenOf(
  record: Change['record'],
  way: Way,
  wanted: Image,
  before: Image,
): { readonly set: Image; readonly after: Image } | null {
  if (way === 'create') return { set: wanted, after: wanted };
  if (way === 'delete') return { set: nothing, after: nothing };
  const set = differing(record, wanted, before);
  return Object.keys(set).length === 0 ? null : { set, after: { ...before, ...set } };
}

/** The name by which people know a record; its id where it has none. */
export function labelOf(
  { record, namesOf }: Pick<Change, 'record' | 'namesOf'>,
  { id, image }: Pick<RecordNow, 'id' | 'image'>,
  wish: Pick<Wish, 'label'>,
): string {
  if (namesOf !== undefined) return wish.label;
  const label = image[record.label];
  return typeof label === 'string' && label !== '' ? label : id;
}

/** Whether a record is still as it must be to be changed. */
export function isAsExpected(record: Change['record'], expected: Expected, now: RecordNow): boolean {
  if (expected === 'as it is') return true;
  if ('version' in expected) return expected.version === now.version;
  return Object.keys(differing(record, expected.fields, now.image)).length === 0;
}

function differing(record: Change['record'], wanted: Image, now: Image): Image {
  return Object.fromEntries(
    Object.entries(wanted).filter(([field, value]) => !isSame(record, field, value, now[field] ?? null)),
  );
}

/** A part, and why the record it goes with cannot be changed because of it. */
type FoundPart = ChangedPart & { readonly obstacle: 'changed_since' | 'held' | null };

async function partsOf(
  connection: Connection,
  change: Change,
  verdicts: readonly Verdict[],
  lock: 'lock' | 'look',
): Promise<FoundPart[]> {
  const changing = verdicts.filter((verdict) => verdict.kind === 'change');
  const own = changing.flatMap(({ wish }) => (wish.parts ?? []).map((part) => ({ ...part, of: wish.id })));
  const asking = changing.filter(({ wish }) => wish.parts === null).map(({ changed }) => changed);
  const asked = asking.length === 0 ? [] : ((await change.parts?.(connection, asking)) ?? []);
  const wished = [...own, ...asked.map((part) => ({ ...part, expected: null, undoes: null }))];
  const found: FoundPart[] = [];
  for (const [kind, parts] of byKind(wished)) {
    const { records, held } = await recordsNow(
      connection,
      kind.record,
      parts.map(({ id }) => id),
      lock,
    );
    for (const part of parts) {
      const now = records.get(part.id);
      const isNew = part.way === 'create';
      const isStale = isNew
        ? now !== undefined
        : // One that is gone has nothing to get back, and keeps the others from nothing.
          part.expected !== null && now !== undefined && !isAsExpected(kind.record, part.expected, now);
      const obstacle = held.has(part.id) ? 'held' : isStale ? 'changed_since' : null;
      const before = now?.image ?? nothing;
      const written =
        isNew === (now === undefined) ? writtenOf(kind.record, part.way, part.set, before) : null;
      // What is as wished already, or went between looking and locking, needs no change of its own.
      if (written === null) {
        if (obstacle !== null) found.push({ ...part, obstacle, before: nothing, after: nothing });
        continue;
      }
      found.push({ ...part, ...written, obstacle, before });
    }
  }
  return found;
}

/** Parts by what kind of record they are, in one order everywhere: locks are taken in it. */
export function byKind<P extends { readonly kind: PartKind }>(parts: readonly P[]): Map<PartKind, P[]> {
  const rank = ({ kind }: P): number => recordKinds.indexOf(kind.record.kind);
  return grouped(
    [...parts].sort((a, b) => rank(a) - rank(b)),
    ({ kind }) => kind,
  );
}
