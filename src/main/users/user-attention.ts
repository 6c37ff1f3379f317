import { type SQL, sql } from 'drizzle-orm';
import type { UserAttention } from '../../shared/records/users';
import { apiKeyState } from '../api-keys/api-key-rows';
import { from } from '../postgres/relations';
import { overOwnBudget } from './over-budget';

/** SQL: which users `u` an administrator should look at, by what is odd about them. */
export const userAttention: Readonly<Record<UserAttention, SQL>> = {
  over_budget: sql`u.id IN ${overOwnBudget}`,
  both_admins: sql`(u.is_active AND u.roles @> ARRAY['admin', 'admin-readonly'])`,
  inactive_with_keys: sql`(NOT u.is_active AND EXISTS (
    SELECT FROM ${from('api_keys', 'k')} WHERE k.user_id = u.id AND ${apiKeyState} = 'active'))`,
};
