import type pg from 'pg';
import type { ResultOf } from '../../shared/contract/index';
import type { demoContract } from '../../shared/contract/demo';
import { linkSetting } from '../litellm/link/proxy-link';
import { defaultTeamId } from '../teams/default-team';
import { say } from '../say';

/** What stands in the way of loading the demo, in words, or NULL when the workspace is empty. */
export async function findObstacle(client: pg.ClientBase): Promise<string | null> {
  const { rows } = await client.query<{
    users: boolean;
    teams: boolean;
    models: boolean;
    usage: boolean;
    linked: boolean;
  }>(
    `SELECT
       EXISTS (SELECT FROM public.users) AS users,
       EXISTS (SELECT FROM public.teams WHERE id <> $1) AS teams,
       EXISTS (SELECT FROM public.models) AS models,
       EXISTS (SELECT FROM public.usage_logs) OR EXISTS (SELECT FROM litemaas_console.unattributed_usage) AS usage,
       EXISTS (SELECT FROM litemaas_console.settings WHERE key = $2) AS linked`,
    [defaultTeamId, linkSetting],
  );
  const found = rows[0];
  if (found?.users) return say('demo.obstacle.users');
  if (found?.teams) return say('demo.obstacle.teams');
  if (found?.models) return say('demo.obstacle.models');
  if (found?.usage) return say('demo.obstacle.usage');
  if (found?.linked) return say('demo.obstacle.linked');
  return null;
}

/** Whether the demo is there, and whether it could be loaded. */
export async function demoStatus(client: pg.ClientBase): Promise<ResultOf<typeof demoContract.status>> {
  const { rows } = await client.query<{ updated_at: string }>(
    `SELECT updated_at FROM litemaas_console.settings WHERE key = 'demo'`,
  );
  const loadedAt = rows[0]?.updated_at ?? null;
  const reason = loadedAt === null ? await findObstacle(client) : say('demo.obstacle.loaded');
  return { loaded: loadedAt !== null, loadedAt, canLoad: reason === null, reason };
}
