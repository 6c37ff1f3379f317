import { sql } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import type {
  ChangeConflict,
  ChangeFinding,
  ChangeGrade,
  ChangePreview,
  ChangeValue,
  FieldChange,
} from '../../shared/contract/changes';
import { maskJson } from '../masking/mask-json';
import type { Connection } from '../postgres/database';
import { linkedProxy } from '../workspace/console-settings';
import type { OpenWorkspace } from '../workspace/open-workspace';
import type { Change, ChangedRecord } from './change';
import { newsOfReturningKey, type ReturningKey } from './cascade/deleted-rows';
import type { Cascade } from './cascade/walk';
import { type ChangedPart, type Judged, judge, labelOf, type Verdict, type Wish } from './judge';
import { lastChanges } from './journal';
import { newsOf } from './news';
import { keepPlan } from './plans';
import { type Image, isSame, type RecordTable, writeStatements } from './record-table';

const shownRecords = 50;
const shownConflicts = 20;
const shownExamples = 20;
const shownFindings = 50;
const shownFields = 50;
const shownStatements = 20;
const shownTables = 100;
/** Records are judged in groups of this many, so that one statement never carries all of them. */
const groupSize = 2_000;

/**
 * What a change would do, and a plan of it that `changes.run` carries out. Reads only, in the caller's snapshot.
 * @param action what the journal and the audit trail call it.
 */
export async function previewChange(
  connection: Connection,
  workspace: OpenWorkspace,
  change: Change,
  action: string,
  wishes: readonly Wish[],
): Promise<ChangePreview> {
  const { verdicts, parts, cascades, returningKeys } = await judgeInGroups(connection, change, wishes);
  const changing = verdicts.filter((verdict) => verdict.kind === 'change');
  const changed = changing.map((verdict) => verdict.changed);
  const ofAll =
    changed.length === 0
      ? []
      : [
          ...((await change.rulesOfAll?.(connection, changed)) ?? []),
          ...((await change.rulesOfParts?.(connection, changed, parts)) ?? []),
        ];
  const refusal = ofAll.find(({ severity }) => severity === 'error')?.text ?? null;
  const grade = highestGrade(changing.map((verdict) => gradeOf(change, verdict)));
  const { ofRecords, ofParts } = await newsOf(connection, change, changed, parts);
  const news = [
    ...[...ofRecords, ...ofParts].map((each) => each.news),
    ...returningKeys.map(() => newsOfReturningKey),
  ];
  const isLinked = (await linkedProxy(connection)) !== null;
  const count = (kind: Verdict['kind']): number => verdicts.filter((verdict) => verdict.kind === kind).length;
  const plan = keepPlan(workspace, { change, action, wishes: wantedOf(verdicts), grade, refusal });
  return {
    plan: plan.id,
    action,
    grade,
    total: wishes.length,
    toChange: refusal === null ? changed.length : 0,
    unchanged: count('unchanged'),
    refused: count('refused') + (refusal === null ? 0 : changed.length),
    gone: count('gone'),
    conflictCount: count('changed_since'),
    conflicts: await conflictsOf(connection, change, verdicts),
    findings: [...ofAll, ...findingsOf(verdicts)].slice(0, shownFindings),
    records: changed.slice(0, shownRecords).map((each) => plannedRecord(each, parts)),
    parts: countParts(parts),
    cascade: countCascade(cascades),
    litellm: isLinked
      ? { waiting: news.length, takesAway: news.filter(({ taken }) => taken.length > 0).length }
      : null,
    statements: statementsOf(change, changed, parts),
  };
}

async function judgeInGroups(
  connection: Connection,
  change: Change,
  wishes: readonly Wish[],
): Promise<
  Pick<Judged, 'verdicts' | 'parts'> & {
    readonly cascades: readonly Cascade[];
    readonly returningKeys: readonly ReturningKey[];
  }
> {
  const verdicts: Verdict[] = [];
  const parts: ChangedPart[] = [];
  const cascades: Cascade[] = [];
  const returningKeys: ReturningKey[] = [];
  for (let from = 0; from < wishes.length; from += groupSize) {
    const judged = await judge(connection, change, wishes.slice(from, from + groupSize), 'look');
    verdicts.push(...judged.verdicts);
    parts.push(...judged.parts);
    if (judged.cascade !== null) cascades.push(judged.cascade);
    returningKeys.push(...(judged.losses?.keys ?? []));
  }
  return { verdicts, parts, cascades, returningKeys };
}

/** What the run takes up: whatever may be changed, exactly as it was looked at, and only what is not so already. */
function wantedOf(verdicts: readonly Verdict[]): Wish[] {
  return verdicts.flatMap((verdict) => {
    if (verdict.kind !== 'change') return [];
    const { now, changed } = verdict;
    const wish = { ...verdict.wish, label: changed.label, set: changed.set };
    return [wish.expected === 'as it is' ? { ...wish, expected: { version: now.version } } : wish];
  });
}

/** Taking back that a record was made loses nothing: what else would go keeps it from being deleted. */
function gradeOf(change: Change, { wish, changed }: Extract<Verdict, { kind: 'change' }>): ChangeGrade {
  if (changed.way === 'delete' && wish.undoes !== null) return 'reversible';
  return change.grade(changed.before, changed.after);
}

/** How many rows go, or are blanked, in each table. */
function countCascade(cascades: readonly Cascade[]): ChangePreview['cascade'] {
  const counts = new Map<string, ChangePreview['cascade'][number]>();
  for (const { name, fate, counts: rows } of cascades.flatMap(({ reached }) => reached)) {
    if (fate === 'blocks') continue;
    const key = `${fate} ${name}`;
    const total = [...rows.values()].reduce((sum, each) => sum + each, 0);
    counts.set(key, { table: name, fate, rows: (counts.get(key)?.rows ?? 0) + total });
  }
  return [...counts.values()].slice(0, shownTables);
}

const grades: readonly ChangeGrade[] = ['reversible', 'reaches_people', 'destroys'];

function highestGrade(found: readonly ChangeGrade[]): ChangeGrade {
  return grades.findLast((grade) => found.includes(grade)) ?? 'reversible';
}

/** Findings of single records, those that say the same together. */
function findingsOf(verdicts: readonly Verdict[]): ChangeFinding[] {
  const found = new Map<string, ChangeFinding>();
  for (const verdict of verdicts) {
    if (verdict.kind !== 'change' && verdict.kind !== 'refused') continue;
    const example = { id: verdict.changed.id, label: verdict.changed.label };
    for (const { severity, text } of verdict.findings) {
      const key = `${severity} ${text}`;
      const known = found.get(key) ?? { severity, text, count: 0, examples: [] };
      const examples = known.examples.length < shownExamples ? [...known.examples, example] : known.examples;
      found.set(key, { ...known, count: known.count + 1, examples });
    }
  }
  const rank = { error: 0, warning: 1, info: 2 };
  return [...found.values()].sort((a, b) => rank[a.severity] - rank[b.severity]);
}

async function conflictsOf(
  connection: Connection,
  change: Change,
  verdicts: readonly Verdict[],
): Promise<ChangeConflict[]> {
  const stale = verdicts.filter(({ kind }) => kind === 'changed_since').slice(0, shownConflicts);
  const ids = stale.map(({ wish }) => wish.id);
  const last = await lastChanges(connection, change.record.kind, ids);
  return stale.flatMap((verdict) => {
    if (verdict.kind !== 'changed_since') return [];
    const { wish, now } = verdict;
    const latest = last.get(wish.id);
    // Where what the last console left is not what is there, it was somebody else.
    const by =
      latest !== undefined && isStillThere(change.record, latest.after, now.image) ? latest : undefined;
    return [
      {
        id: wish.id,
        label: labelOf(change, now, wish),
        now: shownImage(now.image),
        wanted: shownImage(wish.set),
        expected:
          typeof wish.expected === 'object' && 'fields' in wish.expected
            ? shownImage(wish.expected.fields)
            : null,
        version: now.version,
        changedBy: by?.actor ?? null,
        changedAt: by?.created_at ?? null,
      },
    ];
  });
}

/** A text of a record may hold a key that somebody pasted there. */
const shownImage = (image: Image): Image =>
  Object.fromEntries(Object.entries(image).map(([field, value]) => [field, shownValue(value)]));

const shownValue = (value: ChangeValue): ChangeValue => maskJson(value) as ChangeValue;

/** Another kind of change may have left fields that this one knows nothing of. */
function isStillThere(record: RecordTable, left: Image | null, now: Image): boolean {
  return Object.entries(left ?? {}).every(
    ([field, value]) => !Object.hasOwn(now, field) || isSame(record, field, value, now[field] ?? null),
  );
}

function plannedRecord(
  { id, label, way, before, after, set }: ChangedRecord,
  parts: readonly ChangedPart[],
): ChangePreview['records'][number] {
  const fields = Object.keys(way === 'delete' ? before : set).map((field): FieldChange => ({
    field,
    before: shownValue(before[field] ?? null),
    after: shownValue(after[field] ?? null),
  }));
  return {
    id,
    label,
    way,
    fields: fields.slice(0, shownFields),
    parts: countParts(parts.filter(({ of }) => of === id)),
  };
}

function countParts(parts: readonly ChangedPart[]): ChangePreview['parts'] {
  const counts = new Map<string, ChangePreview['parts'][number]>();
  for (const { way, kind } of parts) {
    const key = `${way} ${kind.record.kind}`;
    counts.set(key, { kind: kind.record.kind, way, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()];
}

const dialect = new PgDialect();

/** The statements that write records, one for each set of fields. */
function statementsOf(
  change: Change,
  changed: readonly ChangedRecord[],
  parts: readonly ChangedPart[],
): string[] {
  const writes = [
    ...changed.map(({ way, set }) => ({ record: change.record, way, set })),
    ...parts.map(({ kind, way, set }) => ({ record: kind.record, way, set })),
  ];
  // Most records get the same fields: each set of them is spelled once.
  const kinds = new Map(
    writes.map((write) => [`${write.way} ${write.record.kind} ${fieldsOf(write.set).join()}`, write]),
  );
  return [...kinds.values()]
    .flatMap(({ record, way, set }) => writeStatements(record, way, fieldsOf(set), sql`${''}`))
    .slice(0, shownStatements)
    .map((statement) => `${dialect.sqlToQuery(statement).sql};`);
}

const fieldsOf = (set: Image): string[] => Object.keys(set).sort();
