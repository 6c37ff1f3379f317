import { sql } from 'drizzle-orm';
import type { ChangeFinding } from '../../shared/contract/changes';
import { attachedFindings } from '../changes/attached';
import type { ChangedRecord } from '../changes/change';
import { say } from '../kernel/say';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';

/** What was made for a team since keeps it from being taken back: keys would lose its limits, and be allowed more. */
export function teamsAttachedFindings(
  connection: Connection,
  changed: readonly ChangedRecord[],
): Promise<ChangeFinding[]> {
  return attachedFindings(connection, changed, {
    text: say('changes.teams.hasAttached'),
    having: (ids) => sql`
    SELECT t.id::text AS id, t.name AS label FROM ${from('teams', 't')}
    WHERE t.id = ANY(${ids}) AND (
      EXISTS (SELECT FROM ${from('api_keys', 'k')} WHERE k.team_id = t.id)
      OR EXISTS (SELECT FROM ${from('subscriptions', 's')} WHERE s.team_id = t.id)
      OR EXISTS (SELECT FROM ${from('usage_monthly', 'm')} WHERE m.team_id = t.id))
    ORDER BY t.name, t.id`,
  });
}
