import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { ResultOf } from '../../shared/contract/index';
import type { demoContract } from '../../shared/contract/demo';
import { instant } from '../../shared/contract/values';
import { linkSetting } from '../workspace/console-settings';
import { defaultTeamId } from '../../shared/default-team';
import { say } from '../kernel/say';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';

const presence = z.strictObject({
  users: z.boolean(),
  teams: z.boolean(),
  models: z.boolean(),
  usage: z.boolean(),
  linked: z.boolean(),
});
const loading = z.strictObject({ updated_at: instant });

/** What stands in the way of loading the demo, in words, or NULL when the workspace is empty. */
export async function findObstacle({ select }: Connection): Promise<string | null> {
  const [found] = await select(
    presence,
    sql`SELECT
       EXISTS (SELECT FROM ${from('users')}) AS users,
       EXISTS (SELECT FROM ${from('teams')} WHERE id <> ${defaultTeamId}) AS teams,
       EXISTS (SELECT FROM ${from('models')}) AS models,
       EXISTS (SELECT FROM ${from('usage_logs')}) OR EXISTS (SELECT FROM ${from('unattributed_usage')}) AS usage,
       EXISTS (SELECT FROM ${from('settings')} WHERE key = ${linkSetting}) AS linked`,
  );
  if (found?.users) return say('demo.obstacle.users');
  if (found?.teams) return say('demo.obstacle.teams');
  if (found?.models) return say('demo.obstacle.models');
  if (found?.usage) return say('demo.obstacle.usage');
  if (found?.linked) return say('demo.obstacle.linked');
  return null;
}

/** Whether the demo is there, and whether it could be loaded. */
export async function demoStatus(connection: Connection): Promise<ResultOf<typeof demoContract.status>> {
  const [setting] = await connection.select(
    loading,
    sql`SELECT updated_at FROM ${from('settings')} WHERE key = 'demo'`,
  );
  const loadedAt = setting?.updated_at ?? null;
  const reason = loadedAt === null ? await findObstacle(connection) : say('demo.obstacle.loaded');
  return { loaded: loadedAt !== null, loadedAt, canLoad: reason === null, reason };
}
