import { sql } from 'drizzle-orm';
import * as z from 'zod';
import { keyName, type PlannedKey, usernamePlace } from '../../../shared/contract/api-keys';
import type { CheckedInputOf, Contract } from '../../../shared/contract/index';
import { uuid } from '../../../shared/contract/values';
import { AppError } from '../../../shared/errors';
import { everyModelOfProxy } from '../../../shared/records/api-keys';
import { say } from '../../kernel/say';
import type { Connection } from '../../postgres/database';
import { from } from '../../postgres/relations';
import type { Handler } from '../../router/handlers';
import { checkKey, type WishedKey } from '../make-with-row';
import { sortedModels } from '../model-scope';

export type WishedKeys = CheckedInputOf<Contract['apiKeys']['createMany']>;

/** Who would get a key, and who can't. */
export const previewApiKeys: Handler<Contract['apiKeys']['previewCreateMany']> = async (
  wish,
  { workspace, signal },
) => ({ people: await workspace.database.read(signal, (connection) => planKeys(connection, wish)) });

/** What keys may use, as LiteLLM's list names it. */
export function modelsOfKeys({ models }: Pick<WishedKeys, 'models'>): readonly string[] {
  return models === 'all' ? [everyModelOfProxy] : sortedModels(models);
}

/** The key of one of several people. */
export function keyOf(
  { pattern, userIds: _all, ...terms }: WishedKeys,
  { id, alias }: PlannedKey,
): WishedKey {
  return { ...terms, userId: id, name: alias, alias };
}

const personRow = z.strictObject({ id: uuid, username: z.string().nullable(), email: z.string().nullable() });

/** Asks of everybody what one key is asked, in the order of their names. */
export async function planKeys(connection: Connection, wish: WishedKeys): Promise<PlannedKey[]> {
  const people = await connection.select(
    personRow,
    sql`
    SELECT asked.id, u.username, u.email FROM unnest(${sql.param(wish.userIds)}::uuid[]) AS asked (id)
    LEFT JOIN ${from('users', 'u')} ON u.id = asked.id ORDER BY u.username, asked.id`,
  );
  const models = modelsOfKeys(wish);
  const taken = new Set<string>();
  const planned: PlannedKey[] = [];
  for (const { id, username, email } of people) {
    const alias = wish.pattern.replaceAll(usernamePlace, () => username ?? id);
    const key = { id, username: username ?? id, email, alias, obstacle: null };
    const obstacle = taken.has(alias)
      ? say('changes.keys.aliasTaken', { value: alias })
      : await obstacleOf(connection, keyOf(wish, key), models);
    taken.add(alias);
    planned.push({ ...key, obstacle });
  }
  return planned;
}

async function obstacleOf(
  connection: Connection,
  key: WishedKey,
  models: readonly string[],
): Promise<string | null> {
  if (!keyName.safeParse(key.alias).success) return say('changes.keys.noAlias');
  try {
    await checkKey(connection, key, models);
    return null;
  } catch (error) {
    if (error instanceof AppError && error.code === 'validation') return error.message;
    throw error;
  }
}
