import { type SQL, sql } from 'drizzle-orm';
import * as z from 'zod';
import { uuid } from '../../../shared/contract/values';
import { apiKeysRecord } from '../../api-keys/api-keys-record';
import { apiKeyState } from '../../api-keys/api-key-rows';
import { type RecordNow, type RecordTable, readRecordsNow } from '../../changes/record-table';
import type { Connection } from '../../postgres/database';
import { from } from '../../postgres/relations';
import { effectiveStatus } from '../../subscriptions/subscription-rows';
import { subscriptionOfUser } from '../../subscriptions/subscriptions-record';
import { teamMembersRecord } from '../../teams/team-members-record';

/** A subscription with what its row does not say by itself. */
export interface Subscription extends RecordNow {
  /** `active` past its end is expired. */
  readonly status: string;
  /** Whether anything of it was used, or is recorded: then it stays with its user. */
  readonly isUsed: boolean;
  readonly modelId: string;
  readonly modelName: string;
}

export interface Membership extends RecordNow {
  readonly teamId: string;
  readonly teamName: string;
}

export interface ApiKey extends RecordNow {
  /** Whether it works now. */
  readonly works: boolean;
}

/** What a user has that can move to another record of the same person. */
export interface Belongings {
  readonly memberships: readonly Membership[];
  readonly keys: readonly ApiKey[];
  readonly subscriptions: readonly Subscription[];
}

const membershipFacts = z.strictObject({ id: uuid, teamId: uuid, teamName: z.string() });
const keyFacts = z.strictObject({ id: uuid, works: z.boolean() });
const subscriptionFacts = z.strictObject({
  id: uuid,
  status: z.string(),
  isUsed: z.boolean(),
  modelId: z.string(),
  modelName: z.string(),
});

/** What a user has, the oldest first. */
export async function readBelongings(connection: Connection, userId: string): Promise<Belongings> {
  return {
    memberships: await readWith(
      connection,
      teamMembersRecord,
      membershipFacts,
      sql`SELECT tm.id, tm.team_id AS "teamId", t.name AS "teamName"
          FROM ${from('team_members', 'tm')} JOIN ${from('teams', 't')} ON t.id = tm.team_id
          WHERE tm.user_id = ${userId} ORDER BY t.name, tm.id`,
    ),
    keys: await readWith(
      connection,
      apiKeysRecord,
      keyFacts,
      sql`SELECT k.id, ${apiKeyState} = 'active' AS works FROM ${from('api_keys', 'k')}
          WHERE k.user_id = ${userId} ORDER BY k.created_at, k.id`,
    ),
    subscriptions: await readWith(
      connection,
      subscriptionOfUser.record,
      subscriptionFacts,
      sql`
      SELECT s.id, ${effectiveStatus}::text AS status, m.id AS "modelId", m.name AS "modelName",
        s.used_requests > 0 OR s.used_tokens > 0 OR s.current_spend > 0
          OR EXISTS (SELECT FROM ${from('usage_logs', 'l')} WHERE l.subscription_id = s.id)
          OR EXISTS (SELECT FROM ${from('usage_summaries', 'us')} WHERE us.subscription_id = s.id)
          OR EXISTS (SELECT FROM ${from('usage_daily', 'd')} WHERE d.subscription_id = s.id) AS "isUsed"
      FROM ${from('subscriptions', 's')} JOIN ${from('models', 'm')} ON m.id = s.model_id
      WHERE s.user_id = ${userId} ORDER BY s.created_at, s.id`,
    ),
  };
}

async function readWith<Facts extends { readonly id: string }>(
  connection: Connection,
  record: RecordTable,
  facts: z.ZodType<Facts>,
  query: SQL,
): Promise<(Facts & RecordNow)[]> {
  const rows = await connection.select(facts, query);
  const now = await readRecordsNow(
    connection,
    record,
    rows.map(({ id }) => id),
  );
  return rows.flatMap((row) => {
    const found = now.get(row.id);
    return found === undefined ? [] : [{ ...found, ...row }];
  });
}
