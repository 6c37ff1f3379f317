import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { ChangeFinding } from '../../shared/contract/changes';
import { uuid } from '../../shared/contract/values';
import { mayReadKept } from '../changes/cascade/lost-parents';
import type { ChangedRecord, RecordFinding } from '../changes/change';
import type { Image } from '../changes/record-table';
import { say } from '../kernel/say';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';
import { deletionKeepingRequests } from '../usage-log/former-owner';
import { readRecordedUsage } from '../usage-log/recorded-usage';

/** How keys are deleted: their requests stay in the log, and in every chart of the key. */
export const keyDeletion = deletionKeepingRequests({
  relation: 'api_keys',
  column: 'api_key_id',
  former: 'former_api_key_id',
  own: ['api_key_models'],
});

/** Whether a key opens something, or would once it got a later end: neither blocked nor revoked. */
const isLive = (key: Image): boolean => key['isActive'] === true && (key['revokedAt'] ?? null) === null;

const idRow = z.strictObject({ id: uuid });

/** The keys among those that come back whose hash another key has by now. */
async function readReplaced(
  connection: Connection,
  changed: readonly ChangedRecord[],
): Promise<ReadonlySet<string>> {
  const undone = changed.flatMap(({ way, undoes }) => (way === 'create' && undoes !== null ? [undoes] : []));
  if (undone.length === 0 || !(await mayReadKept(connection))) return new Set();
  const rows = await connection.select(
    idRow,
    sql`
    SELECT DISTINCT c.record_id::uuid AS id FROM ${from('changes', 'c')}
    JOIN ${from('deleted_rows', 'd')} ON d.batch_id = c.batch_id AND d.record_kind = c.record_kind
      AND d.record_id = c.record_id AND d.table_name = 'api_keys'
    JOIN ${from('api_keys', 'k')} ON k.key_hash = d.content ->> 'key_hash'
    WHERE c.id = ANY(${sql.param(undone)}::bigint[])`,
  );
  return new Set(rows.map(({ id }) => id));
}

/** The keys among those whose making is taken back that have been used since. */
async function readUsed(
  { select }: Connection,
  changed: readonly ChangedRecord[],
): Promise<ReadonlySet<string>> {
  const made = changed
    .filter(({ way, undoes, before }) => way === 'delete' && undoes !== null && isLive(before))
    .map(({ id }) => id);
  if (made.length === 0) return new Set();
  const rows = await select(
    idRow,
    sql`
    SELECT k.id FROM ${from('api_keys', 'k')} WHERE k.id = ANY(${sql.param(made)}::uuid[]) AND (
      k.last_used_at IS NOT NULL OR k.current_spend > 0
      OR EXISTS (SELECT FROM ${from('usage_daily', 'd')} WHERE d.api_key_id = k.id))`,
  );
  return new Set(rows.map(({ id }) => id));
}

/**
 * What keeps single keys from being deleted, or from coming back. A live key is ended first, which is a step of its own
 * that can be taken back; one that was just made and never used may go with the undo of its making. None comes back live:
 * LiteLLM has deleted it.
 */
export async function deletedKeyFindings(
  connection: Connection,
  changed: readonly ChangedRecord[],
): Promise<ReadonlyMap<string, readonly RecordFinding[]>> {
  const used = await readUsed(connection, changed);
  const replaced = await readReplaced(connection, changed);
  return new Map(
    changed.map((key) => [
      key.id,
      key.way === 'create'
        ? returnFindings(key, replaced.has(key.id))
        : deletionFindings(key, used.has(key.id)),
    ]),
  );
}

const error = (text: string): readonly RecordFinding[] => [{ severity: 'error', text }];
const warning = (text: string): readonly RecordFinding[] => [{ severity: 'warning', text }];

function returnFindings({ after }: ChangedRecord, isReplaced: boolean): readonly RecordFinding[] {
  if (isLive(after)) return error(say('changes.keys.neverLive'));
  return isReplaced ? error(say('changes.keys.hashTaken')) : warning(say('changes.keys.comesBack'));
}

function deletionFindings({ before, undoes }: ChangedRecord, wasUsed: boolean): readonly RecordFinding[] {
  if (isLive(before) && undoes === null) return error(say('changes.keys.deleteLive'));
  if (isLive(before) && wasUsed) return error(say('changes.keys.usedSince'));
  return warning(say('changes.keys.deletes'));
}

const shownExamples = 20;

/** What stays recorded of keys that are deleted. */
export async function keyUsageFindings(
  connection: Connection,
  changed: readonly ChangedRecord[],
): Promise<ChangeFinding[]> {
  const leaving = changed.filter(({ way }) => way === 'delete');
  if (leaving.length === 0) return [];
  const { requests, cost } = await readRecordedUsage(
    connection,
    'api_key_id',
    leaving.map(({ id }) => id),
  );
  if (requests === 0) return [];
  return [
    {
      severity: 'info',
      text: say('changes.users.usageStays', { count: requests, cost }),
      count: leaving.length,
      examples: leaving.slice(0, shownExamples).map(({ id, label }) => ({ id, label })),
    },
  ];
}
