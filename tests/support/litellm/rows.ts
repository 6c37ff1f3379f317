import { createHash } from 'node:crypto';
import type { KeyRow, SpendRow, TeamRow, UserRow } from './state';

const longAgo = '2026-01-05T10:00:00Z';

/** Hash under which LiteLLM knows a key: lower-case hex sha256 of the plaintext. */
export function tokenOf(plaintextKey: string): string {
  return createHash('sha256').update(plaintextKey, 'utf8').digest('hex');
}

/** `sk-...` and the last four characters, as LiteLLM shows a key. */
export function keyNameOf(plaintextKey: string): string {
  return `sk-...${plaintextKey.slice(-4)}`;
}

/** A team row with LiteLLM's defaults; `team_id` is the least it needs. */
export function teamRow(values: Partial<TeamRow> & Pick<TeamRow, 'team_id'>): TeamRow {
  return {
    team_alias: null,
    organization_id: null,
    admins: [],
    members: [],
    members_with_roles: [],
    team_member_permissions: [],
    metadata: {},
    tpm_limit: null,
    rpm_limit: null,
    max_parallel_requests: null,
    max_budget: null,
    soft_budget: null,
    budget_duration: null,
    budget_reset_at: null,
    models: [],
    blocked: false,
    spend: 0,
    model_id: null,
    litellm_model_table: null,
    object_permission_id: null,
    object_permission: null,
    router_settings: null,
    access_group_ids: [],
    created_at: longAgo,
    updated_at: longAgo,
    ...values,
  };
}

/** A user row with LiteLLM's defaults. */
export function userRow(values: Partial<UserRow> & Pick<UserRow, 'user_id'>): UserRow {
  return {
    user_alias: null,
    user_email: null,
    user_role: 'internal_user',
    spend: 0,
    max_budget: null,
    models: [],
    tpm_limit: null,
    rpm_limit: null,
    teams: [],
    sso_user_id: null,
    budget_duration: null,
    budget_reset_at: null,
    metadata: {},
    model_spend: {},
    model_max_budget: {},
    organization_memberships: null,
    created_at: longAgo,
    updated_at: longAgo,
    ...values,
  };
}

/** A key row for a plaintext key; only its hash and last four characters are kept. */
export function keyRow(plaintextKey: string, values: Partial<KeyRow> = {}): KeyRow {
  return {
    token: tokenOf(plaintextKey),
    key_name: keyNameOf(plaintextKey),
    key_alias: null,
    spend: 0,
    expires: null,
    models: [],
    aliases: {},
    config: {},
    user_id: null,
    team_id: null,
    max_parallel_requests: null,
    metadata: {},
    tpm_limit: null,
    rpm_limit: null,
    max_budget: null,
    budget_duration: null,
    budget_reset_at: null,
    allowed_cache_controls: [],
    allowed_routes: [],
    permissions: {},
    model_spend: {},
    model_max_budget: {},
    soft_budget_cooldown: false,
    blocked: null,
    litellm_budget_table: null,
    org_id: null,
    created_at: longAgo,
    created_by: 'default_user_id',
    updated_at: longAgo,
    updated_by: 'default_user_id',
    object_permission_id: null,
    rotation_count: 0,
    auto_rotate: false,
    rotation_interval: null,
    last_rotation_at: null,
    key_rotation_at: null,
    ...values,
  };
}

/** A spend row of a successful chat call without a key; `startTime` is also the end unless given. */
export function spendRow(values: Partial<SpendRow> & Pick<SpendRow, 'request_id' | 'startTime'>): SpendRow {
  return {
    call_type: 'acompletion',
    api_key: '',
    spend: 0,
    total_tokens: 0,
    prompt_tokens: 0,
    completion_tokens: 0,
    endTime: values.startTime,
    completionStartTime: null,
    model: '',
    model_id: '',
    model_group: '',
    custom_llm_provider: '',
    api_base: '',
    user: '',
    cache_hit: 'None',
    cache_key: 'Cache OFF',
    request_tags: [],
    team_id: '',
    organization_id: null,
    end_user: '',
    requester_ip_address: null,
    session_id: null,
    status: 'success',
    mcp_namespaced_tool_name: null,
    agent_id: null,
    metadata: {},
    ...values,
  };
}
