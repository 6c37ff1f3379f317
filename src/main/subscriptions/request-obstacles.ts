import { sql } from 'drizzle-orm';
import { from } from '../postgres/relations';

/** SQL: whether another subscription of the person to the model has one of some statuses, of the subscription `s`. */
const hasOther = (status: string) => sql`EXISTS (
  SELECT FROM ${from('subscriptions', 'o')}
  WHERE o.user_id = s.user_id AND o.model_id = s.model_id AND o.id <> s.id AND o.status = ${sql.raw(`'${status}'`)})`;

/** SQL: whether the subscription `s` is for a team in which its person is not. */
const isOutsideTeam = sql`(s.team_id IS NOT NULL AND NOT EXISTS (
  SELECT FROM ${from('team_members', 'tm')} WHERE tm.team_id = s.team_id AND tm.user_id = s.user_id))`;

/** SQL: what speaks against approving the request `s` of the user `u` for the model `m` as they are now. */
export const requestObstaclesOf = sql`array_remove(ARRAY[
  CASE WHEN NOT u.is_active THEN 'user_inactive' END,
  CASE WHEN NOT m.is_active THEN 'model_inactive' END,
  CASE WHEN ${isOutsideTeam} THEN 'left_team' END,
  CASE WHEN ${hasOther('active')} THEN 'already_active' END,
  CASE WHEN ${hasOther('suspended')} THEN 'suspended_one' END,
  CASE WHEN ${hasOther('pending')} THEN 'second_request' END], NULL)`;

/** SQL: whether the subscription `s` was cancelled before it was ever approved: as its latest change of status says; that it
 * was deleted and brought back is none. */
export const isDenied = sql`(s.status = 'cancelled' AND coalesce((
  SELECT e.from_status = 'pending' FROM ${from('subscription_events', 'e')}
  WHERE e.subscription_id = s.id AND e.from_status IS NOT NULL AND e.to_status IS NOT NULL
  ORDER BY e.id DESC LIMIT 1), false))`;

/** SQL: since when the subscription `s` waits to be approved; NULL where it does not. A request may be opened again. */
export const waitsSince = sql`CASE WHEN s.status = 'pending' THEN coalesce((
  SELECT max(e.created_at) FROM ${from('subscription_events', 'e')}
  WHERE e.subscription_id = s.id AND e.to_status = 'pending' AND e.from_status IS NOT NULL), s.created_at) END`;
