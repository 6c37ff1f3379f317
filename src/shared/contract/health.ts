import * as z from 'zod';
import { job, query } from './define';
import { bigInteger, decimal, emptyInput, instant } from './values';

/** Checks that are run and shown together; each is one call, so that one's answer does not wait for another's. */
export const healthGroups = ['schema', 'indexes', 'partitions', 'capacity', 'tables', 'sessions'] as const;
export const healthGroup = z.enum(healthGroups);
export type HealthGroup = z.infer<typeof healthGroup>;

/** A finding names at most this many objects per group; the rest is counted. */
export const maxFindings = 200;

const severity = z.enum(['error', 'warning', 'info']);

/** One figure or text with what it is, so that the screen can format it. */
export const healthFact = z.object({
  label: z.string(),
  value: z.string(),
  format: z.enum(['text', 'code', 'count', 'bytes', 'share', 'instant', 'milliseconds']),
});
export type HealthFact = z.infer<typeof healthFact>;

const objectName = z.string().min(1).max(63);

/** What a repair works on: names from the catalogue, nothing a person typed. */
export const repairRequest = z.discriminatedUnion('kind', [
  /** Creates the months that the usage log lacks, with the rows that waited in DEFAULT. */
  z.strictObject({ kind: z.literal('create_partitions') }),
  /** Creates a partition for each month of which rows lie in DEFAULT, and moves them there. */
  z.strictObject({ kind: z.literal('move_default_rows') }),
  z.strictObject({ kind: z.literal('reindex'), schema: objectName, index: objectName }),
  z.strictObject({
    kind: z.literal('validate_constraint'),
    schema: objectName,
    table: objectName,
    constraint: objectName,
  }),
  /** Creates an index of the migrations that is missing. */
  z.strictObject({ kind: z.literal('create_index'), schema: objectName, index: objectName }),
  /** Creates pg_trgm and the indexes for search by contains. */
  z.strictObject({ kind: z.literal('create_search_indexes') }),
  /** Makes summaries and rollups again from the log. */
  z.strictObject({ kind: z.literal('rebuild_usage') }),
]);
export type RepairRequest = z.infer<typeof repairRequest>;

export const healthFinding = z.object({
  /** Stays the same from check to check while it is the same thing: kind and object. */
  id: z.string(),
  severity,
  /** What is the matter, in one line. */
  title: z.string(),
  /** What follows from it, and what to do about it. */
  meaning: z.string(),
  /** The object it is about, as it is written in SQL; NULL for the database as a whole. */
  object: z.string().nullable(),
  facts: z.array(healthFact).max(20),
  /** A statement that reads and shows it. */
  evidenceSql: z.string(),
  /** How this console can mend it; NULL where it can't or should not. */
  repair: repairRequest.nullable(),
});
export type HealthFinding = z.infer<typeof healthFinding>;

export const healthReport = z.object({
  group: healthGroup,
  /** False where the group does not apply to this database; `note` says why. */
  applies: z.boolean(),
  /** What could not be looked at, and why. */
  notes: z.array(z.string()).max(10),
  /** Most serious first. */
  findings: z.array(healthFinding).max(maxFindings),
  /** All findings, also those past {@link maxFindings}. */
  total: z.int(),
  checkedAt: instant,
});
export type HealthReport = z.infer<typeof healthReport>;

export const repairPreview = z.object({
  title: z.string(),
  /** False when a new look found nothing left to repair. */
  needed: z.boolean(),
  /** What is touched: rows, sizes, months. */
  facts: z.array(healthFact).max(20),
  /** Exactly what is run, in order. */
  statements: z.array(z.string()).max(500),
  /** What others cannot do meanwhile. */
  blocks: z.enum(['schema_changes', 'table_writes', 'log_writes', 'log_for_an_instant']),
  /** All or nothing; else what was finished stays when it is stopped. */
  oneTransaction: z.boolean(),
  /** By the size of what is read or written. */
  duration: z.enum(['seconds', 'minutes', 'long']),
  /** Changes when what would be done changes; the repair asks for it. */
  version: z.string(),
});
export type RepairPreview = z.infer<typeof repairPreview>;

/** Whole log and its sums of one month. */
const usageSum = z.object({ requests: bigInteger, tokens: bigInteger, cost: decimal });

export const reconciledMonth = z.object({
  /** `YYYY-MM` in the reporting zone. */
  month: z.string(),
  /** `archived`: the log of the month, or part of it, is gone; the rollup is the truth and is not compared. */
  state: z.enum(['equal', 'differs', 'archived']),
  log: usageSum,
  daily: usageSum,
  monthly: usageSum,
});

/** UTC months of `usage_summaries`, which counts no cost. */
export const reconciledSummary = z.object({
  month: z.string(),
  state: z.enum(['equal', 'differs', 'archived']),
  log: usageSum.omit({ cost: true }),
  hours: usageSum.omit({ cost: true }).nullable(),
  days: usageSum.omit({ cost: true }),
  months: usageSum.omit({ cost: true }),
});

export const reconciliation = z.object({
  timeZone: z.string(),
  months: z.array(reconciledMonth),
  summaries: z.array(reconciledSummary),
  checkedAt: instant,
});
export type Reconciliation = z.infer<typeof reconciliation>;

export const healthContract = {
  /** Looks at one group. Reads catalogue and statistics; what would read whole tables is {@link reconcile}. */
  check: query({
    scope: 'workspace',
    input: z.strictObject({ group: healthGroup }),
    output: healthReport,
  }),
  /** Adds up the usage log month by month and compares summaries and rollups with it. */
  reconcile: job({ scope: 'schema', writes: false, input: emptyInput, output: reconciliation }),
  previewRepair: query({
    scope: 'schema',
    input: z.strictObject({ repair: repairRequest }),
    output: repairPreview,
  }),
  /** Mends one finding, if it still is there as it was previewed. Leaves audit rows. */
  repair: job({
    scope: 'schema',
    writes: true,
    input: z.strictObject({ repair: repairRequest, version: z.string().max(64) }),
    output: z.object({ summary: z.string() }),
  }),
};
