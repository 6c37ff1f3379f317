import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { ChangeFinding } from '../../shared/contract/changes';
import { decimal, uuid } from '../../shared/contract/values';
import type { ChangedRecord } from '../changes/change';
import { say } from '../kernel/say';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';

const overRow = z.strictObject({ id: uuid, spent: decimal });
const shownFindings = 20;

/** Which teams have spent more already than the budget that they would get, as far as LiteLLM's own count is known here. */
export async function overBudgetFindings(
  { select }: Connection,
  changed: readonly ChangedRecord[],
): Promise<ChangeFinding[]> {
  const limited = changed.filter(({ way, set }) => way === 'update' && typeof set['maxBudget'] === 'string');
  if (limited.length === 0) return [];
  const rows = await select(
    overRow,
    sql`
    SELECT t.id, trim_scale(t.current_spend)::text AS spent
    FROM unnest(${sql.param(limited.map(({ id }) => id))}::uuid[],
      ${sql.param(limited.map(({ set }) => String(set['maxBudget'])))}::numeric[]) AS wanted (id, budget)
    JOIN ${from('teams', 't')} ON t.id = wanted.id
    WHERE t.current_spend > wanted.budget ORDER BY t.current_spend DESC, t.id LIMIT ${shownFindings}`,
  );
  const labels = new Map(limited.map(({ id, label }) => [id, label]));
  return rows.map(({ id, spent }) => ({
    severity: 'warning',
    text: say('changes.teams.overBudget', { spent }),
    count: 1,
    examples: [{ id, label: labels.get(id) ?? id }],
  }));
}
