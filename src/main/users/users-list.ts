import { sql } from 'drizzle-orm';
import type { UserRow } from '../../shared/contract/users';
import { userAttentions, userDefinition } from '../../shared/records/users';
import { isUntold } from '../changes/outbox';
import type { CsvColumn } from '../export/csv-file';
import { exportHandler } from '../export/export-records';
import { from } from '../postgres/relations';
import { optionsHandler } from '../records/options-query';
import { listHandler, recordList } from '../records/record-list';
import type { RecordSource } from '../records/record-source';
import { emailIsMissing, visibleEmail } from './email';
import { userAttention } from './user-attention';
import { userRows } from './user-rows';

const id = sql`u.id`;
const email = sql`u.email`;

/** Users `u`. */
export const userSource: RecordSource = {
  from: from('users', 'u'),
  id,
  idType: userDefinition.idType,
  label: sql`u.username`,
  details: [sql`u.full_name`, visibleEmail(email)],
  names: [sql`u.username`, email, sql`u.full_name`],
  hasPrefixIndexes: true,
  ofKey: (keyHash) => sql`u.id = (SELECT user_id FROM ${from('api_keys')} WHERE key_hash = ${keyHash})`,
};

export const userList = recordList({
  definition: userDefinition,
  source: userSource,
  rows: userRows,
  sort: {
    username: { expression: sql`u.username`, text: true },
    email: { expression: visibleEmail(email), text: true, nullable: true },
    fullName: { expression: sql`u.full_name`, text: true, nullable: true },
    maxBudget: { expression: sql`u.max_budget`, nullable: true },
    lastLoginAt: { expression: sql`u.last_login_at`, nullable: true },
    createdAt: { expression: sql`u.created_at` },
  },
  filters: {
    active: sql`u.is_active`,
    role: (role) => sql`u.roles @> ARRAY[${role}]`,
    teamId: (teamId) =>
      sql`EXISTS (SELECT FROM ${from('team_members', 'tm')} WHERE tm.team_id = ${teamId} AND tm.user_id = u.id)`,
    syncStatus: sql`u.sync_status`,
    emailMissing: emailIsMissing(email),
    ids: (ids) => sql`u.id = ANY(${sql.param(ids.split(','))}::uuid[])`,
    // Whoever is switched off may have been merged, and keeps the address.
    sameEmail: sql`(u.is_active AND NOT ${emailIsMissing(email)} AND EXISTS (
      SELECT FROM ${from('users', 'o')} WHERE lower(o.email) = lower(u.email) AND o.id <> u.id AND o.is_active))`,
    attention: (value) => userAttention[userAttentions.find((each) => each === value) ?? 'over_budget'],
    untold: isUntold('user', id),
  },
});

const columns: readonly CsvColumn<UserRow>[] = [
  { heading: 'id', value: (user) => user.id },
  { heading: 'username', value: (user) => user.username },
  { heading: 'email', value: (user) => user.email },
  { heading: 'full_name', value: (user) => user.fullName },
  { heading: 'roles', value: (user) => user.roles },
  { heading: 'is_active', value: (user) => user.isActive },
  { heading: 'teams', value: (user) => user.teams.map((team) => team.label) },
  { heading: 'subscription_count', value: (user) => user.subscriptionCount },
  { heading: 'api_key_count', value: (user) => user.apiKeyCount },
  { heading: 'max_budget', type: 'number', value: (user) => user.maxBudget },
  { heading: 'sync_status', value: (user) => user.syncStatus },
  { heading: 'last_login_at', type: 'instant', value: (user) => user.lastLoginAt },
  { heading: 'created_at', type: 'instant', value: (user) => user.createdAt },
];

export const listUsers = listHandler(userList);
export const userOptions = optionsHandler(userSource);
export const exportUsers = exportHandler(userDefinition.path, userList, columns);
