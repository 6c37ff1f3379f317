import { sql } from 'drizzle-orm';
import { attachedFindings } from '../changes/attached';
import type { ChangedRecord } from '../changes/change';
import { say } from '../kernel/say';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';

/** What was made for a team since keeps it from being taken back: keys would lose its limits, and be allowed more. */
export function teamsAttachedFindings(
  connection: Connection,
  changed: readonly ChangedRecord[],
): ReturnType<typeof attachedFindings> {
  return attachedFindings(connection, changed, {
    text: say('changes.teams.hasAttached'),
    having: (ids) => sql`
    SELECT t.id::text AS id FROM ${from('teams', 't')}
    WHERE t.id = ANY(${ids}::uuid[]) AND (
      EXISTS (SELECT FROM ${from('api_keys', 'k')} WHERE k.team_id = t.id)
      OR EXISTS (SELECT FROM ${from('subscriptions', 's')} WHERE s.team_id = t.id)
      OR EXISTS (SELECT FROM ${from('usage_monthly', 'm')} WHERE m.team_id = t.id))`,
  });
}
