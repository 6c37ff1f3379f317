import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { ChangeFinding } from '../../shared/contract/changes';
import type { ChangedRecord } from '../changes/change';
import { isThere } from '../changes/record-table';
import { say } from '../kernel/say';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';
import { readRecordedUsage } from '../usage-log/recorded-usage';
import { linkedProxy } from '../workspace/console-settings';

const mostExamples = 20;
const keysRow = z.strictObject({ keys: z.int() });

/** Whose use ends here while their keys go on reaching the model in LiteLLM, which is not told at once. */
export async function accessFindings(
  connection: Connection,
  changed: readonly ChangedRecord[],
): Promise<ChangeFinding[]> {
  const ending = changed.filter(
    ({ before, after }) => isThere(after) && before['status'] === 'active' && after['status'] !== 'active',
  );
  if (ending.length === 0 || (await linkedProxy(connection)) === null) return [];
  const [row] = await connection.select(
    keysRow,
    sql`
    SELECT count(DISTINCT k.id)::int AS keys
    FROM ${from('subscriptions', 's')} JOIN ${from('api_keys', 'k')} ON k.user_id = s.user_id AND k.is_active
    WHERE s.id = ANY(${idsOf(ending)}) AND (k.subscription_id = s.id OR EXISTS (
      SELECT FROM ${from('api_key_models', 'km')} WHERE km.api_key_id = k.id AND km.model_id = s.model_id))`,
  );
  if (row === undefined || row.keys === 0) return [];
  const text = say('changes.subscriptions.keysWorkThere', { count: row.keys });
  return [{ severity: 'warning', text, count: ending.length, examples: examplesOf(ending) }];
}

/** What stays recorded of subscriptions that are deleted. */
export async function usageFindings(
  connection: Connection,
  changed: readonly ChangedRecord[],
): Promise<ChangeFinding[]> {
  const leaving = changed.filter(({ way }) => way === 'delete');
  if (leaving.length === 0) return [];
  const { requests, cost } = await readRecordedUsage(
    connection,
    'subscription_id',
    leaving.map(({ id }) => id),
  );
  if (requests === 0) return [];
  const text = say('changes.subscriptions.usageStays', { count: requests, cost });
  return [{ severity: 'info', text, count: leaving.length, examples: examplesOf(leaving) }];
}

const idsOf = (changed: readonly ChangedRecord[]) => sql`${sql.param(changed.map(({ id }) => id))}::uuid[]`;

function examplesOf(changed: readonly ChangedRecord[]): ChangeFinding['examples'] {
  return changed.slice(0, mostExamples).map(({ id, label }) => ({ id, label }));
}
