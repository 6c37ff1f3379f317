import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { ChangeFinding } from '../../shared/contract/changes';
import { AppError } from '../../shared/errors';
import type { ChangedPart } from '../changes/judge';
import { say } from '../kernel/say';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';
import { linkedProxy } from '../workspace/console-settings';

const modelRow = z.strictObject({ id: z.string(), label: z.string(), isActive: z.boolean() });

/** The models that people are subscribed to while they are made themselves; what comes back by an undo was subscribed before. */
const modelsOf = (parts: readonly ChangedPart[]): readonly string[] => [
  ...new Set(
    parts
      .filter(
        ({ kind, way, undoes }) => kind.record.kind === 'subscription' && way === 'create' && undoes === null,
      )
      .map(({ set }) => String(set['modelId'])),
  ),
];

/** What there is to say of the subscriptions that people are made with. */
export async function newPartFindings(
  connection: Connection,
  parts: readonly ChangedPart[],
): Promise<ChangeFinding[]> {
  const models = modelsOf(parts);
  if (models.length === 0) return [];
  const obstacle = await obstacleOf(connection, models, 'look');
  const isLinked = (await linkedProxy(connection)) !== null;
  const text = obstacle ?? (isLinked ? say('changes.subscriptions.newInLitellm') : null);
  if (text === null) return [];
  return [{ severity: obstacle === null ? 'info' : 'error', text, count: 0, examples: [] }];
}

/**
 * Holds the models that people are subscribed to until they are.
 * @throws AppError `validation` where one is gone, or not offered any more.
 */
export async function keepModelsOffered(
  connection: Connection,
  parts: readonly ChangedPart[],
): Promise<void> {
  const models = modelsOf(parts);
  if (models.length === 0) return;
  const obstacle = await obstacleOf(connection, models, 'hold');
  if (obstacle !== null) throw new AppError('validation', obstacle);
}

async function obstacleOf(
  { select }: Connection,
  models: readonly string[],
  how: 'look' | 'hold',
): Promise<string | null> {
  const rows = await select(
    modelRow,
    sql`
    SELECT m.id, m.name AS label, m.is_active AS "isActive" FROM ${from('models', 'm')}
    WHERE m.id = ANY(${sql.param([...models])}::text[]) ORDER BY m.id ${how === 'hold' ? sql`FOR SHARE` : sql``}`,
  );
  const there = new Set(rows.map(({ id }) => id));
  const gone = models.filter((id) => !there.has(id));
  if (gone.length > 0) return say('changes.users.modelsGone', { names: gone.join(', ') });
  const retired = rows.filter(({ isActive }) => !isActive);
  if (retired.length === 0) return null;
  return say('changes.users.modelsRetired', { names: retired.map(({ label }) => label).join(', ') });
}
