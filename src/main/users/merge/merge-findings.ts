import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { ChangeFinding } from '../../../shared/contract/changes';
import { decimal, reference } from '../../../shared/contract/values';
import type { Image, RecordNow } from '../../changes/record-table';
import { say } from '../../kernel/say';
import type { Connection } from '../../postgres/database';
import { from } from '../../postgres/relations';
import type { MergePlan } from './plan-merge';

interface Merge {
  readonly duplicate: RecordNow;
  readonly kept: RecordNow;
  readonly plan: MergePlan;
  readonly isLinked: boolean;
}

const shownNames = 10;

/** What there is to say about a merge beforehand, what asks for care first. */
export async function mergeFindings(connection: Connection, merge: Merge): Promise<ChangeFinding[]> {
  const { duplicate } = merge;
  const example = { id: duplicate.id, label: String(duplicate.image['username']) };
  const texts = [
    ...litellmTexts(merge),
    ...(await othersTexts(connection, merge)),
    ...roleTexts(merge),
    ...membershipTexts(merge),
    ...subscriptionTexts(merge),
    ...keyTexts(merge),
    ...(await usageTexts(connection, merge)),
    info(say('changes.users.merge.stays', namesOf(merge))),
  ];
  return texts.map((each) => ({ ...each, count: 1, examples: [example] }));
}

type Said = Pick<ChangeFinding, 'severity' | 'text'>;
const warning = (text: string): Said => ({ severity: 'warning', text });
const info = (text: string): Said => ({ severity: 'info', text });

function namesOf({ duplicate, kept }: Merge) {
  const { oauthProvider, oauthId } = duplicate.image;
  return {
    from: String(duplicate.image['username']),
    into: String(kept.image['username']),
    provider: String(oauthProvider),
    oauthId: String(oauthId),
  };
}

function listed(names: readonly string[]): string {
  const distinct = [...new Set(names)];
  return [...distinct.slice(0, shownNames), ...(distinct.length > shownNames ? ['…'] : [])].join(', ');
}

/** Until LiteLLM is told, everything there is as it was. */
function litellmTexts(merge: Merge): Said[] {
  if (!merge.isLinked) return [];
  const count = merge.plan.keys.filter(({ works }) => works).length;
  const names = namesOf(merge);
  return [
    warning(
      count === 0
        ? say('changes.users.merge.worksThere', names)
        : say('changes.users.merge.keysWorkThere', { ...names, count }),
    ),
  ];
}

/** More than two may share an address: they are merged one after the other. */
async function othersTexts({ select }: Connection, { duplicate, kept }: Merge): Promise<Said[]> {
  const rows = await select(
    reference,
    sql`
    SELECT u.id::text AS id, u.username AS label FROM ${from('users', 'u')}
    WHERE lower(u.email) = lower(${String(kept.image['email'])}::text) AND u.is_active
      AND NOT u.id = ANY(${sql.param([duplicate.id, kept.id])}::uuid[])
    ORDER BY u.username LIMIT 20`,
  );
  if (rows.length === 0) return [];
  return [warning(say('changes.users.merge.others', { names: listed(rows.map(({ label }) => label)) }))];
}

const rolesOf = ({ roles }: Image): readonly string[] => (Array.isArray(roles) ? roles : []);

function roleTexts(merge: Merge): Said[] {
  const own = rolesOf(merge.kept.image);
  const lost = rolesOf(merge.duplicate.image).filter((role) => !own.includes(role));
  if (lost.length === 0) return [];
  return [warning(say('changes.users.merge.roles', { ...namesOf(merge), roles: listed(lost) }))];
}

function membershipTexts(merge: Merge): Said[] {
  const { moved, doubled, raised } = merge.plan.memberships;
  const names = namesOf(merge);
  const teams = (memberships: typeof moved) => listed(memberships.map(({ teamName }) => teamName));
  const raisedTeams = new Set(raised.map(({ teamId }) => teamId));
  const equal = doubled.filter(({ teamId }) => !raisedTeams.has(teamId));
  return [
    ...(raised.length > 0
      ? [warning(say('changes.users.merge.teamsRaised', { ...names, teams: teams(raised) }))]
      : []),
    ...(equal.length > 0
      ? [info(say('changes.users.merge.teamsDoubled', { ...names, teams: teams(equal) }))]
      : []),
    ...(moved.length > 0
      ? [info(say('changes.users.merge.teamsMove', { ...names, teams: teams(moved) }))]
      : []),
  ];
}

function subscriptionTexts(merge: Merge): Said[] {
  const { moved, opened, ended, lapsed, weaker } = merge.plan.subscriptions;
  const names = namesOf(merge);
  const models = (subscriptions: typeof moved) => listed(subscriptions.map(({ modelName }) => modelName));
  return [
    ...(weaker.length > 0
      ? [warning(say('changes.users.merge.subscriptionsWeaker', { ...names, models: models(weaker) }))]
      : []),
    ...(ended.length > 0
      ? [warning(say('changes.users.merge.subscriptionsEnd', { ...names, models: models(ended) }))]
      : []),
    ...(opened.length > 0
      ? [warning(say('changes.users.merge.subscriptionsOpen', { ...names, models: models(opened) }))]
      : []),
    ...(moved.length > 0
      ? [info(say('changes.users.merge.subscriptionsMove', { ...names, models: models(moved) }))]
      : []),
    ...(lapsed.length > 0
      ? [info(say('changes.users.merge.subscriptionsLapsed', { ...names, models: models(lapsed) }))]
      : []),
  ];
}

function keyTexts(merge: Merge): Said[] {
  const { keys } = merge.plan;
  if (keys.length === 0) return [];
  const working = keys.filter(({ works }) => works).length;
  return [info(say('changes.users.merge.keysMove', { ...namesOf(merge), count: keys.length, working }))];
}

async function usageTexts({ select }: Connection, merge: Merge): Promise<Said[]> {
  const [row] = await select(
    z.strictObject({ requests: z.int(), cost: decimal.nullable() }),
    sql`SELECT coalesce(sum(m.requests), 0)::float8 AS requests, trim_scale(sum(m.cost))::text AS cost
        FROM ${from('usage_monthly', 'm')} WHERE m.user_id = ${merge.duplicate.id}`,
  );
  const { requests = 0, cost = null } = row ?? {};
  if (requests === 0) return [];
  return [
    info(say('changes.users.merge.usageStays', { ...namesOf(merge), count: requests, cost: cost ?? '0' })),
  ];
}
