import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { ChangeFinding } from '../../shared/contract/changes';
import { uuid } from '../../shared/contract/values';
import type { ChangedRecord } from '../changes/change';
import { say } from '../kernel/say';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';

const attachedRow = z.strictObject({ id: uuid, label: z.string() });

/** What was made for a team since keeps it from being taken back: keys would lose its limits, and be allowed more. */
export async function attachedFindings(
  { select }: Connection,
  changed: readonly ChangedRecord[],
): Promise<ChangeFinding[]> {
  const leaving = changed
    .filter(({ way, undoes }) => way === 'delete' && undoes !== null)
    .map(({ id }) => id);
  if (leaving.length === 0) return [];
  const rows = await select(
    attachedRow,
    sql`
    SELECT t.id, t.name AS label FROM ${from('teams', 't')}
    WHERE t.id = ANY(${sql.param(leaving)}::uuid[]) AND (
      EXISTS (SELECT FROM ${from('api_keys', 'k')} WHERE k.team_id = t.id)
      OR EXISTS (SELECT FROM ${from('subscriptions', 's')} WHERE s.team_id = t.id)
      OR EXISTS (SELECT FROM ${from('usage_monthly', 'm')} WHERE m.team_id = t.id))
    ORDER BY t.name, t.id LIMIT 20`,
  );
  if (rows.length === 0) return [];
  return [{ severity: 'error', text: say('changes.teams.hasAttached'), count: rows.length, examples: rows }];
}
