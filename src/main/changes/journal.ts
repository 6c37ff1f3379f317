import { sql } from 'drizzle-orm';
import * as z from 'zod';
import { changeValue } from '../../shared/contract/changes';
import { bigInteger, instant } from '../../shared/contract/values';
import type { Connection } from '../postgres/database';
import { from, table } from '../postgres/relations';
import { type Image, isThere, type OwnKind, type RecordKind } from './record-table';
import { withoutSecrets } from './without-secrets';
import { operatorName } from './write-audit';

/** One row of the journal: the fields that changed, before and after; all of them where a record is made or deleted. */
export interface JournalEntry {
  readonly action: string;
  readonly kind: RecordKind | OwnKind;
  readonly id: string;
  readonly before: Image;
  readonly after: Image;
  /** The row that this one takes back. */
  readonly undoes: string | null;
  /** The row it is part of. */
  readonly partOf: string | null;
}

/**
 * Writes what was changed into the journal. Answers the rows' ids by record, in the order of the entries.
 * @throws AppError `db_constraint` where a batch changes a record twice, or a change is taken back a second time.
 */
export async function writeJournal(
  { select }: Connection,
  batch: { readonly id: string; readonly reason: string | null },
  entries: readonly JournalEntry[],
): Promise<Map<string, string>> {
  if (entries.length === 0) return new Map();
  const rows = await select(
    z.strictObject({ id: bigInteger, record_id: z.string() }),
    sql`
    INSERT INTO ${table('changes')} (batch_id, action, record_kind, record_id, part_of, before, after, reason, actor, undoes)
    SELECT ${batch.id}::uuid, e.action, e.kind, e.id, e."partOf", e.before, e.after, ${batch.reason}::text, ${operatorName()}, e.undoes
    FROM jsonb_to_recordset(${JSON.stringify(entries.map(asRow))}::jsonb)
      AS e (action text, kind text, id text, "partOf" bigint, before jsonb, after jsonb, undoes bigint)
    RETURNING id::text AS id, record_id`,
  );
  return new Map(rows.map((row) => [row.record_id, row.id]));
}

/** A record that is not there has no image in the journal, and no image holds a secret. */
function asRow({ before, after, ...entry }: JournalEntry) {
  const kept = (image: Image): Image | null => (isThere(image) ? withoutSecrets(image) : null);
  return { ...entry, before: kept(before), after: kept(after) };
}

/** Which of the records a batch has changed already: its answer may have been lost. */
export async function alreadyChanged(
  { select }: Connection,
  batchId: string,
  kind: RecordKind | OwnKind,
  ids: readonly string[],
): Promise<Set<string>> {
  const rows = await select(
    z.strictObject({ record_id: z.string() }),
    sql`
    SELECT record_id FROM ${from('changes')}
    WHERE batch_id = ${batchId} AND record_kind = ${kind} AND record_id = ANY(${sql.param([...ids])}::text[])`,
  );
  return new Set(rows.map((row) => row.record_id));
}

const image = z.record(z.string(), changeValue);

const journalRow = z.strictObject({
  id: bigInteger,
  action: z.string(),
  record_kind: z.string(),
  record_id: z.string(),
  part_of: bigInteger.nullable(),
  before: image.nullable(),
  after: image.nullable(),
  is_undone: z.boolean(),
});
export type JournalRow = z.infer<typeof journalRow>;

/**
 * What a batch did, the changes that were already taken back among it.
 * @param recordId only this record and what went with it.
 * @param limit how many rows at most.
 */
export function readBatch(
  { select }: Connection,
  batchId: string,
  recordId: string | null,
  limit: number,
): Promise<JournalRow[]> {
  return select(
    journalRow,
    sql`
    SELECT c.id::text AS id, c.action, c.record_kind, c.record_id, c.part_of::text AS part_of, c.before, c.after,
      EXISTS (SELECT FROM ${from('changes', 'u')} WHERE u.undoes = c.id) AS is_undone
    FROM ${from('changes', 'c')}
    WHERE c.batch_id = ${batchId} ${
      recordId === null
        ? sql``
        : sql`AND (c.record_id = ${recordId} OR c.part_of IN (
            SELECT m.id FROM ${from('changes', 'm')} WHERE m.batch_id = ${batchId} AND m.record_id = ${recordId}))`
    }
    ORDER BY c.id LIMIT ${limit}`,
  );
}

const lastChange = z.strictObject({
  record_id: z.string(),
  actor: z.string(),
  created_at: instant,
  after: image.nullable(),
});

/** Who changed records last through a console, by record. */
export async function lastChanges(
  { select }: Connection,
  kind: RecordKind,
  ids: readonly string[],
): Promise<Map<string, z.infer<typeof lastChange>>> {
  if (ids.length === 0) return new Map();
  const rows = await select(
    lastChange,
    sql`
    SELECT wanted.id AS record_id, c.actor, c.created_at, c.after
    FROM unnest(${sql.param([...ids])}::text[]) AS wanted (id)
    CROSS JOIN LATERAL (
      SELECT actor, created_at, after FROM ${from('changes', 'c')}
      WHERE c.record_kind = ${kind} AND c.record_id = wanted.id ORDER BY c.id DESC LIMIT 1
    ) AS c`,
  );
  return new Map(rows.map((row) => [row.record_id, row]));
}

/**
 * The record that a row of the journal changed, for itself and not as a part; NULL where there is none of the batch, or
 * somebody has taken it back.
 */
export async function undoableRecord(
  { select }: Connection,
  batchId: string,
  changeId: string,
): Promise<string | null> {
  const [row] = await select(
    z.strictObject({ record_id: z.string() }),
    sql`
    SELECT c.record_id FROM ${from('changes', 'c')}
    WHERE c.batch_id = ${batchId} AND c.id = ${changeId}::bigint AND c.part_of IS NULL
      AND NOT EXISTS (SELECT FROM ${from('changes', 'u')} WHERE u.undoes = c.id)`,
  );
  return row?.record_id ?? null;
}
