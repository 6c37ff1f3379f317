import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { ChangeFinding } from '../../shared/contract/changes';
import { reference } from '../../shared/contract/values';
import type { ChangedRecord } from '../changes/change';
import { say } from '../kernel/say';
import { attachedFindings } from '../changes/attached';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';

const shownModels = 20;

const namesakeRow = reference.extend({ name: z.string() });

/** Names that another model has: the column takes any, and LiteLLM's models may share one. */
export async function sameNameFindings(
  { select }: Connection,
  changed: readonly ChangedRecord[],
): Promise<ChangeFinding[]> {
  const named = changed.filter(({ set }) => typeof set['name'] === 'string');
  if (named.length === 0) return [];
  const rows = await select(
    namesakeRow,
    sql`
    SELECT m.id, m.id AS label, m.name FROM ${from('models', 'm')}
    JOIN unnest(${sql.param(named.map(({ id }) => id))}::text[], ${sql.param(
      named.map(({ set }) => String(set['name'])),
    )}::text[]) AS wanted (id, name) ON lower(wanted.name) = lower(m.name) AND wanted.id <> m.id
    ORDER BY m.name, m.id LIMIT ${shownModels}`,
  );
  return rows.map(({ id, label, name }) => ({
    severity: 'warning',
    text: say('changes.models.sameName', { value: name, id }),
    count: 1,
    examples: [{ id, label }],
  }));
}

/** What was made for a model since keeps it from being taken back. */
export const modelsAttachedFindings = (
  connection: Connection,
  changed: readonly ChangedRecord[],
): ReturnType<typeof attachedFindings> =>
  attachedFindings(connection, changed, {
    text: say('changes.models.hasAttached'),
    having: (ids) => sql`
    SELECT m.id FROM ${from('models', 'm')}
    WHERE m.id = ANY(${ids}::text[]) AND (
      EXISTS (SELECT FROM ${from('subscriptions', 's')} WHERE s.model_id = m.id)
      OR EXISTS (SELECT FROM ${from('api_key_models', 'km')} WHERE km.model_id = m.id)
      OR EXISTS (SELECT FROM ${from('usage_daily', 'd')} WHERE d.model_id = m.id)
      OR (SELECT count(*) FROM ${from('model_prices', 'p')} WHERE p.model_id = m.id) > 1)`,
  });
