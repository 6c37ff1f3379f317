import { sql } from 'drizzle-orm';
import type { Contract, ResultOf } from '../../shared/contract/index';
import { AppError } from '../../shared/errors';
import { apiKeyState } from '../api-keys/state';
import type { Handler } from '../router/handlers';
import { say } from '../say';
import { effectiveStatus } from '../subscriptions/status';

type Counts = ResultOf<Contract['overview']['counts']>;

/** How many users, teams, subscriptions and keys there are, and how many of them are in use now. */
export const overviewCounts: Handler<Contract['overview']['counts']> = (
  _input,
  { signal, workspace: { database } },
) =>
  database.read(signal, async ({ select }) => {
    const [counts] = await select<Counts>(sql`
      SELECT
        (SELECT jsonb_build_object('active', count(*) FILTER (WHERE is_active), 'all', count(*)) FROM users)
          AS users,
        (SELECT jsonb_build_object('active', count(*) FILTER (WHERE is_active), 'all', count(*)) FROM teams)
          AS teams,
        (SELECT jsonb_build_object('active', count(*) FILTER (WHERE ${effectiveStatus} = 'active'), 'all', count(*))
          FROM subscriptions s) AS subscriptions,
        (SELECT jsonb_build_object('active', count(*) FILTER (WHERE ${apiKeyState} = 'active'), 'all', count(*))
          FROM api_keys k) AS "apiKeys"`);
    if (!counts) throw new AppError('internal', say('connection.noRow'));
    return counts;
  });
