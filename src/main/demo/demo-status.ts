import type pg from 'pg';
import type { ResultOf } from '../../shared/contract/index';
import type { demoContract } from '../../shared/contract/demo';
import { defaultTeamId } from '../teams/default-team';

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
       EXISTS (SELECT FROM litemaas_console.settings WHERE key = 'litellm_link') AS linked`,
    [defaultTeamId],
  );
  const found = rows[0];
  if (found?.users) return 'it has users';
  if (found?.teams) return 'it has teams';
  if (found?.models) return 'it has models';
  if (found?.usage) return 'it has usage';
  if (found?.linked) return 'it is linked to a LiteLLM proxy';
  return null;
}

/** Whether the demo is there, and whether it could be loaded. */
export async function demoStatus(client: pg.ClientBase): Promise<ResultOf<typeof demoContract.status>> {
  const { rows } = await client.query<{ updated_at: string }>(
    `SELECT updated_at FROM litemaas_console.settings WHERE key = 'demo'`,
  );
  const loadedAt = rows[0]?.updated_at ?? null;
  const reason = loadedAt === null ? await findObstacle(client) : 'the demo is loaded';
  return { loaded: loadedAt !== null, loadedAt, canLoad: reason === null, reason };
}
