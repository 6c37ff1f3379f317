import { type SQL, sql } from 'drizzle-orm';
import * as z from 'zod';
import type { ChangeFinding } from '../../shared/contract/changes';
import { uuid } from '../../shared/contract/values';
import { isMissingEmail } from '../../shared/missing-email';
import { isUnknownSignIn } from '../../shared/unknown-sign-in';
import type { ChangedRecord, RecordFinding } from '../changes/change';
import { attachedFindings, type Having } from '../changes/attached';
import type { Image } from '../changes/record-table';
import { say } from '../kernel/say';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';
import { defaultTeamId } from '../../shared/default-team';

const mostExamples = 20;

/** What there is to say about a user who is made, besides what is said of any change. */
export function newUserFindings(after: Image): RecordFinding[] {
  const isWithout = (field: string): boolean => (after[field] ?? null) === null;
  const texts = [
    ...(isMissingEmail(String(after['email'])) ? [say('changes.users.emailMissing')] : []),
    ...(isUnknownSignIn(String(after['oauthId'])) ? [say('changes.users.signInUnknown')] : []),
    ...(['maxBudget', 'tpmLimit', 'rpmLimit'].every(isWithout) ? [say('changes.users.noLimits')] : []),
  ];
  return texts.map((text) => ({ severity: 'warning', text }));
}

const takenRow = z.strictObject({ provider: z.string(), oauthId: z.string(), id: uuid, label: z.string() });

/** A sign-in finds one person: nobody else may have the same provider and id. */
export async function signInFindings(
  { select }: Connection,
  changed: readonly ChangedRecord[],
): Promise<ChangeFinding[]> {
  const signing = changed.filter(({ set }) => 'oauthId' in set || 'oauthProvider' in set);
  if (signing.length === 0) return [];
  const pairs = signing.map(({ id, label, after }) => ({
    id,
    label,
    provider: String(after['oauthProvider']),
    oauthId: String(after['oauthId']),
  }));
  const rows = await select(
    takenRow,
    sql`
    SELECT u.oauth_provider AS provider, u.oauth_id AS "oauthId", u.id, u.username AS label
    FROM unnest(${sql.param(pairs.map(({ provider }) => provider))}::text[],
      ${sql.param(pairs.map(({ oauthId }) => oauthId))}::text[]) AS wanted (provider, oauth_id)
    JOIN ${from('users', 'u')} ON u.oauth_provider = wanted.provider AND u.oauth_id = wanted.oauth_id
    WHERE NOT u.id = ANY(${sql.param(pairs.map(({ id }) => id))}::uuid[])
    LIMIT 200`,
  );
  const byPair = new Map<string, { id: string; label: string }[]>();
  for (const { id, label, provider, oauthId } of [...pairs, ...rows]) {
    const key = JSON.stringify([provider, oauthId]);
    byPair.set(key, [...(byPair.get(key) ?? []), { id, label }]);
  }
  return [...byPair].flatMap(([pair, holders]) => {
    if (holders.length === 1) return [];
    const [provider, id] = JSON.parse(pair) as [string, string];
    const text = say('changes.users.signInTaken', { provider, id });
    return [{ severity: 'error', text, count: holders.length, examples: holders.slice(0, mostExamples) }];
  });
}

/** SQL: which of the users have something that was not made with them, or that was used. */
export const havingUsers: Having = (ids) => sql`
    SELECT u.id::text AS id FROM ${from('users', 'u')}
    WHERE u.id = ANY(${ids}::uuid[]) AND (
      EXISTS (
        SELECT FROM ${from('subscriptions', 's')}
        WHERE s.user_id = u.id AND (s.used_requests > 0 OR s.used_tokens > 0 OR s.current_spend > 0
          OR NOT ${isMadeWithUser('subscription', sql`s.id`)}))
      OR EXISTS (SELECT FROM ${from('api_keys', 'k')} WHERE k.user_id = u.id)
      OR EXISTS (SELECT FROM ${from('usage_monthly', 'm')} WHERE m.user_id = u.id)
      OR EXISTS (SELECT FROM ${from('teams', 't')} WHERE t.created_by = u.id)
      OR EXISTS (
        SELECT FROM ${from('team_members', 'tm')}
        WHERE tm.user_id = u.id AND (tm.team_id <> ${defaultTeamId}::uuid OR tm.role <> 'member')
          AND NOT ${isMadeWithUser('team_member', sql`tm.id`)})
    )`;

/**
 * Whoever is deleted because the creation is taken back must have nothing yet but what was made with the record: keys,
 * subscriptions and usage would go with it.
 */
export const usersAttachedFindings = (
  connection: Connection,
  changed: readonly ChangedRecord[],
): ReturnType<typeof attachedFindings> =>
  attachedFindings(connection, changed, { having: havingUsers, text: say('changes.users.hasAttached') });

/** SQL: whether a record of another kind was made together with the user `u`. */
const isMadeWithUser = (kind: 'subscription' | 'team_member', id: SQL): SQL => sql`EXISTS (
  SELECT FROM ${from('changes', 'part')} JOIN ${from('changes', 'whole')} ON whole.id = part.part_of
  WHERE part.record_kind = ${kind} AND part.record_id = ${id}::text AND part.before IS NULL
    AND whole.record_kind = 'user' AND whole.record_id = u.id::text)`;
