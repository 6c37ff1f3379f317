import { sql } from 'drizzle-orm';
import type { Contract } from '../../shared/contract/index';
import { recordCounts } from '../../shared/contract/overview';
import { AppError } from '../../shared/errors';
import { apiKeyState } from '../api-keys/api-key-rows';
import type { Handler } from '../router/handlers';
import { say } from '../kernel/say';
import { effectiveStatus } from '../subscriptions/subscription-rows';
import { from } from '../postgres/relations';

/** How many users, teams, subscriptions and keys there are, and how many of them are in use now. */
export const overviewCounts: Handler<Contract['overview']['counts']> = (
  _input,
  { signal, workspace: { database } },
) =>
  database.read(signal, async ({ select }) => {
    const [counts] = await select(
      recordCounts,
      sql`
        SELECT
          (SELECT jsonb_build_object('active', count(*) FILTER (WHERE is_active), 'all', count(*)) FROM ${from('users')})
            AS users,
          (SELECT jsonb_build_object('active', count(*) FILTER (WHERE is_active), 'all', count(*)) FROM ${from('teams')})
            AS teams,
          (SELECT jsonb_build_object('active', count(*) FILTER (WHERE ${effectiveStatus} = 'active'), 'all', count(*))
            FROM ${from('subscriptions', 's')}) AS subscriptions,
          (SELECT jsonb_build_object('active', count(*) FILTER (WHERE ${apiKeyState} = 'active'), 'all', count(*))
            FROM ${from('api_keys', 'k')}) AS "apiKeys"`,
    );
    if (!counts) throw new AppError('internal', say('connection.noRow'));
    return counts;
  });
