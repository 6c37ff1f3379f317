import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { ChangeFinding, ChangeValue } from '../../shared/contract/changes';
import { decimal, uuid } from '../../shared/contract/values';
import { AppError } from '../../shared/errors';
import { knownRoles } from '../../shared/records/users';
import { keyOfOwner } from '../api-keys/api-keys-record';
import { keysOfOwners } from '../api-keys/keys-of-owners';
import { keepLostKeysOff, lostKeyFindings, staysOffFindings } from '../api-keys/taken-keys';
import type { Change, ChangedRecord, RecordFinding } from '../changes/change';
import { limitFindings, nameFindings } from '../changes/field-findings';
import { deletedField } from '../changes/outbox';
import { type Image, isThere } from '../changes/record-table';
import { say } from '../kernel/say';
import { lockUntilCommit } from '../postgres/advisory-locks';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';
import { subscriptionOfNewUser } from '../subscriptions/subscriptions-record';
import { keepSubscribable, newPartFindings } from './new-user-parts';
import { membershipOfUser } from '../teams/team-members-record';
import {
  archiveUsage,
  hasUsageAside,
  isMuchUsage,
  restoreUsage,
  usageAmounts,
} from '../usage-log/archive-usage';
import { readOverBudget } from './over-budget';
import { usersAttachedFindings, newUserFindings, signInFindings } from './new-user-rules';
import { usersRecord } from './users-record';

/** Fields that LiteLLM holds too. */
const remoteFields = ['username', 'email', 'roles', 'maxBudget', 'tpmLimit', 'rpmLimit', 'isActive'] as const;
const limits = ['maxBudget', 'tpmLimit', 'rpmLimit'] as const;
const mostExamples = 20;
const isKnownRole = (role: string): boolean => knownRoles.some((known) => known === role);

/** Users: made, changed (profile, roles, limits, sign-in, active or not), and deleted. */
export const usersChange: Change = {
  actions: { create: 'USER_CREATE', update: 'USER_UPDATE', delete: 'USER_DELETE' },
  partKinds: [keyOfOwner, membershipOfUser, subscriptionOfNewUser],
  record: usersRecord,
  sliceSize: 1_000,
  grade(before, after) {
    if (!isThere(after)) return 'destroys';
    const isSwitched = isThere(before) && before['isActive'] !== after['isActive'];
    return isSwitched || gains(before, after, 'admin') ? 'reaches_people' : 'reversible';
  },
  rules: (before, after) =>
    isThere(after)
      ? [
          ...roleFindings(before, after),
          ...limitsOfUser(before, after),
          ...nameFindings(before, after, ['username', 'email']),
          ...(isThere(before) ? [] : newUserFindings(after)),
        ]
      : [],
  rulesOfEach: usersAttachedFindings,
  rulesOfAll: async (connection, changed) => [
    ...(await adminFindings(connection, changed)),
    ...(await usageFindings(connection, changed)),
    ...ownNameFindings(changed),
    ...(await takenFindings(connection, changed)),
    ...(await signInFindings(connection, changed)),
    ...(await overBudgetFindings(connection, changed)),
    ...(await staysOffFindings(connection, 'user', changed)),
  ],
  rulesOfParts: async (connection, changed, parts) => [
    ...(await lostKeyFindings(connection, changed, parts)),
    ...(await newPartFindings(connection, parts)),
  ],
  beforeParts: keepSubscribable,
  async hold(connection, changed, parts) {
    await keepAnAdmin(connection, changed);
    await keepLostKeysOff(connection, changed, parts);
  },
  parts: keysOfOwners('user', keyOfOwner),
  deletion: {
    own: ['team_members', 'subscriptions'],
    sliceSize: 50,
    isTooMuch: isMuchUsage,
    archive: archiveUsage,
    restore: restoreUsage,
    hasAside: hasUsageAside,
    amounts: usageAmounts,
  },
  news(before, after) {
    if (!isThere(after)) return { fields: [deletedField], taken: [deletedField] };
    const fields = remoteFields.filter((field) => !same(before[field], after[field]));
    if (fields.length === 0) return null;
    const taken = [
      ...(before['isActive'] === true && after['isActive'] === false ? ['isActive'] : []),
      ...(gains(after, before, 'admin') ? ['roles'] : []),
    ];
    return { fields, taken };
  },
};

function same(a: ChangeValue | undefined, b: ChangeValue | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function rolesOf(image: Image): readonly string[] {
  const roles = image['roles'];
  return Array.isArray(roles) ? roles : [];
}

function gains(before: Image, after: Image, role: string): boolean {
  return rolesOf(after).includes(role) && !rolesOf(before).includes(role);
}

function roleFindings(before: Image, after: Image): RecordFinding[] {
  const roles = rolesOf(after);
  if (same(before['roles'], after['roles'])) return [];
  const warn = (text: string): RecordFinding => ({ severity: 'warning', text });
  return [
    ...(gains(before, after, 'admin') ? [warn(say('changes.users.becomesAdmin'))] : []),
    ...(gains(before, after, 'admin-readonly') ? [warn(say('changes.users.becomesReader'))] : []),
    ...(roles.includes('admin') && roles.includes('admin-readonly')
      ? [warn(say('changes.users.bothAdmins'))]
      : []),
    ...roles
      .filter((role) => !isKnownRole(role) && !rolesOf(before).includes(role))
      .map((role) => warn(say('changes.users.unknownRole', { role }))),
  ];
}

function limitsOfUser(before: Image, after: Image): RecordFinding[] {
  const isNewWithoutAny = !isThere(before) && limits.every((each) => (after[each] ?? null) === null);
  return isNewWithoutAny ? [] : limitFindings(before, after);
}

/** Several people cannot have one username or address. */
function ownNameFindings(changed: readonly ChangedRecord[]): ChangeFinding[] {
  return (['username', 'email'] as const).flatMap((field) => {
    const renamed = changed.filter(({ set }) => field in set);
    const values = new Set(renamed.map(({ set }) => set[field]));
    if (values.size === renamed.length) return [];
    const text = say('changes.users.ownName', { field: say(`changes.users.field.${field}`) });
    return [{ severity: 'error', text, count: renamed.length, examples: examplesOf(renamed) }];
  });
}

function examplesOf(changed: readonly ChangedRecord[]): ChangeFinding['examples'] {
  return changed.slice(0, mostExamples).map(({ id, label }) => ({ id, label }));
}

const takenRow = z.strictObject({ wanted: uuid, id: uuid, label: z.string(), is_exact: z.boolean() });

/** Names and addresses that somebody else has, exactly or except for upper and lower case. */
async function takenFindings(
  { select }: Connection,
  changed: readonly ChangedRecord[],
): Promise<ChangeFinding[]> {
  const findings: ChangeFinding[] = [];
  for (const field of ['username', 'email'] as const) {
    const renamed = changed.filter(({ set }) => typeof set[field] === 'string');
    if (renamed.length === 0) continue;
    const values = renamed.map(({ set }) => String(set[field]));
    const rows = await select(
      takenRow,
      sql`
      SELECT wanted.id AS wanted, u.id, u.username AS label, u.${sql.identifier(field)} = wanted.value AS is_exact
      FROM unnest(${sql.param(renamed.map(({ id }) => id))}::uuid[], ${sql.param(values)}::text[]) AS wanted (id, value)
      JOIN ${from('users', 'u')} ON lower(u.${sql.identifier(field)}) = lower(wanted.value) AND u.id <> wanted.id
      WHERE NOT u.id = ANY(${sql.param(renamed.map(({ id }) => id))}::uuid[])
      LIMIT 200`,
    );
    for (const { wanted, id, label, is_exact: isExact } of rows) {
      const value = String(renamed.find((each) => each.id === wanted)?.set[field] ?? '');
      findings.push({
        severity: isExact ? 'error' : 'warning',
        text: isExact
          ? say(`changes.users.${field}Taken`, { value })
          : say('changes.users.sameExceptCase', { value }),
        count: 1,
        examples: [{ id, label }],
      });
    }
  }
  return findings;
}

const isAdmin = (image: Image): boolean => image['isActive'] === true && rolesOf(image).includes('admin');
const activeAdmins = sql`u.is_active AND u.roles @> ARRAY['admin']`;
const counted = z.strictObject({ total: z.int() });

/** Judged on the state after the whole change: two that may each go may not both go. */
async function adminFindings(
  { select }: Connection,
  changed: readonly ChangedRecord[],
): Promise<ChangeFinding[]> {
  const leaving = changed.filter(({ before, after }) => isAdmin(before) && !isAdmin(after));
  if (leaving.length === 0 || changed.some(({ after }) => isAdmin(after))) return [];
  const [others] = await select(
    counted,
    sql`SELECT count(*)::int AS total FROM ${from('users', 'u')}
        WHERE ${activeAdmins} AND NOT u.id = ANY(${sql.param(leaving.map(({ id }) => id))}::uuid[])`,
  );
  if ((others?.total ?? 0) > 0) return [];
  return [
    {
      severity: 'error',
      text: `${say('changes.users.lastAdmin')} ${say('changes.users.lastAdminHint')}`,
      count: leaving.length,
      examples: examplesOf(leaving),
    },
  ];
}

/** Two consoles that each take one of the last two administrators away must not both succeed. */
async function keepAnAdmin({ select, run }: Connection, changed: readonly ChangedRecord[]): Promise<void> {
  if (!changed.some(({ before, after }) => isAdmin(before) && !isAdmin(after))) return;
  await run(lockUntilCommit('takeAdmin'));
  const [left] = await select(
    z.strictObject({ some: z.boolean() }),
    sql`SELECT EXISTS (SELECT FROM ${from('users', 'u')} WHERE ${activeAdmins}) AS "some"`,
  );
  if (left?.some !== true) {
    throw new AppError('validation', say('changes.users.lastAdmin'), {
      hint: say('changes.users.lastAdminHint'),
    });
  }
}

const leavingRow = z.strictObject({ requests: z.int(), cost: decimal.nullable(), working_keys: z.int() });

/** What stays recorded of whoever is deleted, and which keys end with them. */
async function usageFindings(
  { select }: Connection,
  changed: readonly ChangedRecord[],
): Promise<ChangeFinding[]> {
  const leaving = changed.filter(({ way }) => way === 'delete');
  if (leaving.length === 0) return [];
  const ids = sql.param(leaving.map(({ id }) => id));
  const [row] = await select(
    leavingRow,
    sql`
    SELECT coalesce(sum(m.requests), 0)::float8 AS requests, trim_scale(sum(m.cost))::text AS cost,
      (SELECT count(*)::int FROM ${from('api_keys', 'k')} WHERE k.user_id = ANY(${ids}::uuid[]) AND k.is_active) AS working_keys
    FROM ${from('usage_monthly', 'm')} WHERE m.user_id = ANY(${ids}::uuid[])`,
  );
  const shared = { count: leaving.length, examples: examplesOf(leaving) };
  const { requests = 0, cost = null, working_keys: keys = 0 } = row ?? {};
  return [
    ...(keys > 0
      ? [{ ...shared, severity: 'warning' as const, text: say('changes.users.keysEnd', { count: keys }) }]
      : []),
    ...(requests > 0
      ? [
          {
            ...shared,
            severity: 'info' as const,
            text: say('changes.users.usageStays', { count: requests, cost: cost ?? '0' }),
          },
        ]
      : []),
  ];
}

/** A first budget meets what was spent before: who is over it at once. */
async function overBudgetFindings(
  connection: Connection,
  changed: readonly ChangedRecord[],
): Promise<ChangeFinding[]> {
  const over = new Set((await readOverBudget(connection, changed)).map(({ id }) => id));
  if (over.size === 0) return [];
  const examples = examplesOf(changed.filter(({ id }) => over.has(id)));
  return [{ severity: 'warning', text: say('changes.users.overBudget'), count: over.size, examples }];
}
