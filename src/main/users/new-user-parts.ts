import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { ChangeFinding } from '../../shared/contract/changes';
import { AppError } from '../../shared/errors';
import { readAttached } from '../changes/attached';
import type { ChangedPart } from '../changes/judge';
import { say } from '../kernel/say';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';
import { linkedProxy } from '../workspace/console-settings';
import { havingUsers } from './new-user-rules';

const modelRow = z.strictObject({ id: z.string(), label: z.string(), isActive: z.boolean() });

interface Subscribed {
  readonly models: readonly string[];
  readonly ends: readonly string[];
}

/** What people are subscribed to while they are made themselves, and until when; also where their making comes back. */
function subscribedBy(parts: readonly ChangedPart[]): Subscribed {
  const made = parts.filter(({ kind, way }) => kind.record.kind === 'subscription' && way === 'create');
  const valuesOf = (field: string): string[] => [
    ...new Set(made.flatMap(({ set }) => (typeof set[field] === 'string' ? [set[field]] : []))),
  ];
  return { models: valuesOf('modelId'), ends: valuesOf('expiresAt') };
}

/** What there is to say of the subscriptions that people are made with. */
export async function newPartFindings(
  connection: Connection,
  parts: readonly ChangedPart[],
): Promise<ChangeFinding[]> {
  const subscribed = subscribedBy(parts);
  if (subscribed.models.length === 0) return [];
  const obstacle = await obstacleOf(connection, subscribed, 'look');
  const isLinked = (await linkedProxy(connection)) !== null;
  const text = obstacle ?? (isLinked ? say('changes.subscriptions.newInLitellm') : null);
  if (text === null) return [];
  return [{ severity: obstacle === null ? 'info' : 'error', text, count: 0, examples: [] }];
}

/**
 * Holds the models that people are subscribed to until they are; and what is taken back must be unused still.
 * @throws AppError `validation` where a model is gone, or not offered any more, or somebody has got or used something.
 */
export async function keepSubscribable(connection: Connection, parts: readonly ChangedPart[]): Promise<void> {
  const subscribed = subscribedBy(parts);
  const obstacle = subscribed.models.length === 0 ? null : await obstacleOf(connection, subscribed, 'hold');
  if (obstacle !== null) throw new AppError('validation', obstacle);
  const leaving = parts.filter(({ kind, way }) => kind.record.kind === 'subscription' && way === 'delete');
  const [attached] = await readAttached(
    connection,
    leaving.map(({ of }) => of),
    havingUsers,
  );
  if (attached !== undefined) throw new AppError('validation', say('changes.users.hasAttached'));
}

async function obstacleOf(
  { select }: Connection,
  { models, ends }: Subscribed,
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
  if (retired.length > 0) {
    return say('changes.users.modelsRetired', { names: retired.map(({ label }) => label).join(', ') });
  }
  const [end] = await select(
    z.strictObject({ hasPassed: z.boolean() }),
    sql`SELECT coalesce(bool_or(e <= CURRENT_TIMESTAMP), false) AS "hasPassed"
      FROM unnest(${sql.param([...ends])}::timestamptz[]) AS e`,
  );
  return end?.hasPassed === true ? say('changes.subscriptions.endPassed') : null;
}
