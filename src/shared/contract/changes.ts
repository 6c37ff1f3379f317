import * as z from 'zod';
import { job, query } from './define';
import { emptyInput, instant, reference, uuid } from './values';

/** A change works on at most this many records at a time. */
export const maxChangedRecords = 50_000;

/** So many records can be named one by one; more than that are found by a filter. */
export const mostSelectedRecords = 1_000;

/** A column as it crosses: money, 64-bit numbers and instants as text, NULL as null (which limits read as unlimited). */
export const changeValue = z.union([z.string(), z.boolean(), z.null(), z.array(z.string())]);
export type ChangeValue = z.infer<typeof changeValue>;

/** A hash of what of a record can be edited. `updatedAt` is none: every usage row moves it. */
export const recordVersion = z.string().regex(/^[0-9a-f]{32}$/, 'a version of a record');

/** A record to change, as it was when the person saw it. */
export const changeTarget = z.strictObject({ id: uuid, version: recordVersion });

/** Whether each record is named once: what is wished of it twice has no order. */
export const isNamedOnce = (edits: readonly { readonly id: string }[]): boolean =>
  new Set(edits.map(({ id }) => id.toLowerCase())).size === edits.length;

/**
 * Which records: those that were selected, or all that a list's filter finds.
 * @param target one that was selected, where its id is no UUID.
 */
export function changeTargets<Filter extends z.ZodType, Target extends z.ZodType = typeof changeTarget>(
  filter: Filter,
  target?: Target,
) {
  // Each kind of target names one. Upper and lower case are the same in a UUID alone.
  const sameId = (named: unknown): string => {
    const { id } = named as { readonly id: string };
    return target === undefined ? id.toLowerCase() : id;
  };
  return z.union([
    z.strictObject({
      selected: z
        .array(target ?? changeTarget)
        .min(1)
        .max(mostSelectedRecords)
        .refine((targets) => new Set(targets.map(sameId)).size === targets.length, 'each record once'),
    }),
    z.strictObject({ filter }),
  ]);
}

export type ChangeTargets<Filter> =
  { readonly selected: readonly z.infer<typeof changeTarget>[] } | { readonly filter: Filter };

/**
 * How much a change asks of the person: `reversible` one click; `reaches_people` a reason; `destroys` a reason and the
 * record's name typed.
 */
export const changeGrade = z.enum(['reversible', 'reaches_people', 'destroys']);
export type ChangeGrade = z.infer<typeof changeGrade>;

/** What a person should know before. An `error` keeps its records from being changed. */
const changeFinding = z.object({
  severity: z.enum(['error', 'warning', 'info']),
  text: z.string(),
  /** How many records it is about. */
  count: z.int(),
  examples: z.array(reference).max(20),
  /** Whose pages the examples have; absent: they are what is reviewed. */
  area: z.enum(['subscriptions', 'api-keys']).optional(),
});
export type ChangeFinding = z.infer<typeof changeFinding>;

export const fieldChange = z.object({
  /** The contract's name of the field. */
  field: z.string(),
  before: changeValue,
  after: changeValue,
});
export type FieldChange = z.infer<typeof fieldChange>;

/** What becomes of a record. */
const changeWay = z.enum(['create', 'update', 'delete']);

const changedParts = z.array(z.object({ kind: z.string(), way: changeWay, count: z.int() })).max(10);

const plannedRecord = reference.extend({
  way: changeWay,
  /** The fields that change; all of them where the record is made or deleted. */
  fields: z.array(fieldChange).max(50),
  /** Records of other kinds that change with it, such as the keys of a user who is deactivated. */
  parts: changedParts,
});

const image = z.record(z.string(), changeValue);

/** A record that somebody else changed since the person saw it. Fields by the contract's names. */
const changeConflict = reference.extend({
  /** What can be changed of it, as it is now. */
  now: image,
  /** What the person wants. */
  wanted: image,
  /** An undo: what the change that is to be taken back had left. NULL for any other change: whoever asks knows it. */
  expected: image.nullable(),
  /** The version now: whoever has seen `now` may go on from it. */
  version: recordVersion,
  /** Who changed it last through a console, and when; NULL where no console did. */
  changedBy: z.string().nullable(),
  changedAt: instant.nullable(),
});
export type ChangeConflict = z.infer<typeof changeConflict>;

/** What a change would do, without any of it done. */
export const changePreview = z.object({
  /** Names what was looked at: `changes.run` does this and nothing else. Also the id of the batch it becomes. */
  plan: uuid,
  action: z.string(),
  grade: changeGrade,
  /** Records asked for, those that would change, those that already are as wished, and those that may not be changed. */
  total: z.int(),
  toChange: z.int(),
  unchanged: z.int(),
  refused: z.int(),
  /** Selected records that are not there any more. */
  gone: z.int(),
  conflictCount: z.int(),
  conflicts: z.array(changeConflict).max(20),
  findings: z.array(changeFinding).max(50),
  /** The first that would change. */
  records: z.array(plannedRecord).max(50),
  /** Records of other kinds that change with them, all together. */
  parts: changedParts,
  /**
   * What the foreign keys do besides: rows that go with records that are deleted, and rows whose reference to them is
   * blanked, by table.
   */
  cascade: z
    .array(z.object({ table: z.string(), fate: z.enum(['deleted', 'blanked']), rows: z.int() }))
    .max(100),
  /** How many objects of LiteLLM would wait to be told; NULL where no proxy is linked. */
  litellm: z.object({ waiting: z.int(), takesAway: z.int() }).nullable(),
  /** The SQL that would be run, with `$1` where data goes in. */
  statements: z.array(z.string()).max(20),
});
export type ChangePreview = z.infer<typeof changePreview>;

/** What became of a record. `changed_since`: somebody else was quicker; it was left alone. */
export const changeOutcome = z.enum(['done', 'unchanged', 'changed_since', 'gone', 'refused', 'failed']);
export type ChangeOutcome = z.infer<typeof changeOutcome>;

export const changeResult = z.object({
  batchId: uuid,
  done: z.int(),
  unchanged: z.int(),
  /** Records that were not changed, and why. Running the plan again tries those that failed. */
  problems: z.array(reference.extend({ outcome: changeOutcome, text: z.string() })).max(200),
  problemCount: z.int(),
  /** Objects of LiteLLM that wait to be told. */
  waiting: z.int(),
});
export type ChangeResult = z.infer<typeof changeResult>;

/** Kinds of record whose deletion may be interrupted. */
export const interruptibleKind = z.enum(['user', 'team', 'subscription']);

/**
 * A deletion, or the undo of one, that was begun and is not through. Moved requests of a user or a subscription are in
 * the archive; a team's stay in the log without it.
 */
const unfinishedChange = z.object({
  batchId: uuid,
  kind: interruptibleKind,
  /** What was begun: records are deleted, or came back and wait for what belongs to them. */
  way: z.enum(['delete', 'restore']),
  /** The first of them. */
  records: z.array(reference).max(20),
  total: z.int(),
  /** Records of the same batch that are through. */
  through: z.int(),
  /** Requests that were moved (or taken out of a team), and all that there are to move; NULL where they take too long to count. */
  moved: z.int().nullable(),
  toMove: z.int().nullable(),
  reason: z.string().nullable(),
  actor: z.string(),
  begunAt: instant,
  /** A console is at it right now. */
  isRunning: z.boolean(),
});
export type UnfinishedChange = z.infer<typeof unfinishedChange>;

export const changesContract = {
  /**
   * Does what was previewed, in slices that are whole each. What was done stays done when it is stopped; running the
   * plan again goes on.
   */
  run: job({
    scope: 'schema',
    writes: true,
    severalAtOnce: true,
    input: z.strictObject({
      plan: uuid,
      reason: z.string().trim().max(500).nullable().default(null),
    }),
    output: changeResult,
  }),
  /** What taking back a batch, or one record of it, would do. Also an undo can be taken back. */
  previewUndo: query({
    scope: 'schema',
    input: z.strictObject({
      batchId: uuid,
      recordId: z.string().max(255).nullable().default(null),
    }),
    output: changePreview,
  }),
  /** What was begun and not finished, because its console was killed or the connection lost. */
  unfinished: query({
    scope: 'schema',
    input: emptyInput,
    output: z.object({ items: z.array(unfinishedChange).max(20) }),
  }),
  /**
   * Goes on with it as it was begun, or puts back what a deletion had moved (an undo only goes on). Not both at once, and
   * not by two consoles; either may be repeated.
   */
  finish: job({
    scope: 'schema',
    writes: true,
    severalAtOnce: true,
    input: z.strictObject({ batchId: uuid, how: z.enum(['go_on', 'put_back']) }),
    output: changeResult,
  }),
};
