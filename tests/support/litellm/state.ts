/** A JSON object as LiteLLM stores it in its JSON columns. */
export type JsonObject = { [name: string]: unknown };

/** LiteLLM's limits are BIGINT columns: values past 2^53 are given as bigint and sent digit by digit. */
export type Limit = number | bigint | null;

/** One deployment: several may share a public `model_name`. */
export interface ModelDeployment {
  model_name: string;
  litellm_params: JsonObject;
  model_info: JsonObject & { id: string };
}

export interface TeamMember {
  role: 'admin' | 'user';
  user_id: string | null;
  user_email: string | null;
}

export interface TeamRow {
  team_id: string;
  team_alias: string | null;
  organization_id: string | null;
  admins: string[];
  members: string[];
  members_with_roles: TeamMember[];
  team_member_permissions: string[];
  metadata: JsonObject;
  tpm_limit: Limit;
  rpm_limit: Limit;
  max_parallel_requests: Limit;
  max_budget: number | null;
  soft_budget: number | null;
  budget_duration: string | null;
  budget_reset_at: string | null;
  models: string[];
  blocked: boolean;
  spend: number;
  model_id: number | null;
  litellm_model_table: JsonObject | null;
  object_permission_id: string | null;
  object_permission: JsonObject | null;
  router_settings: JsonObject | null;
  access_group_ids: string[];
  created_at: string;
  updated_at: string;
}

export interface TeamMembership {
  user_id: string;
  team_id: string;
  budget_id: string | null;
  spend: number;
  litellm_budget_table: JsonObject | null;
}

export interface UserRow {
  user_id: string;
  user_alias: string | null;
  user_email: string | null;
  /** Free text on purpose: unknown roles exist. */
  user_role: string | null;
  spend: number;
  max_budget: number | null;
  models: string[];
  tpm_limit: Limit;
  rpm_limit: Limit;
  teams: string[];
  sso_user_id: string | null;
  budget_duration: string | null;
  budget_reset_at: string | null;
  metadata: JsonObject;
  model_spend: JsonObject;
  model_max_budget: JsonObject;
  organization_memberships: JsonObject[] | null;
  created_at: string;
  updated_at: string;
}

export interface KeyRow {
  /** Lower-case hex sha256 of the plaintext key. */
  token: string;
  key_name: string;
  key_alias: string | null;
  spend: number;
  expires: string | null;
  models: string[];
  aliases: JsonObject;
  config: JsonObject;
  user_id: string | null;
  team_id: string | null;
  max_parallel_requests: Limit;
  metadata: JsonObject;
  tpm_limit: Limit;
  rpm_limit: Limit;
  max_budget: number | null;
  budget_duration: string | null;
  budget_reset_at: string | null;
  allowed_cache_controls: string[];
  allowed_routes: string[];
  permissions: JsonObject;
  model_spend: JsonObject;
  model_max_budget: JsonObject;
  soft_budget_cooldown: boolean;
  /** Tri-state: null means not blocked. */
  blocked: boolean | null;
  litellm_budget_table: JsonObject | null;
  org_id: string | null;
  created_at: string;
  created_by: string | null;
  updated_at: string;
  updated_by: string | null;
  object_permission_id: string | null;
  rotation_count: number;
  auto_rotate: boolean;
  rotation_interval: string | null;
  last_rotation_at: string | null;
  key_rotation_at: string | null;
}

/** One row of the spend log; times are ISO 8601 UTC with microseconds, money is USD. */
export interface SpendRow {
  request_id: string;
  call_type: string;
  api_key: string;
  spend: number;
  total_tokens: number;
  prompt_tokens: number;
  completion_tokens: number;
  startTime: string;
  endTime: string;
  completionStartTime: string | null;
  model: string;
  model_id: string;
  model_group: string;
  custom_llm_provider: string;
  api_base: string;
  user: string;
  /** A string, not a boolean: "True", "False", "None" or empty. */
  cache_hit: string;
  cache_key: string;
  request_tags: string[];
  team_id: string;
  organization_id: string | null;
  end_user: string;
  requester_ip_address: string | null;
  session_id: string | null;
  /** Null on old rows, which means success. */
  status: 'success' | 'failure' | null;
  mcp_namespaced_tool_name: string | null;
  agent_id: string | null;
  metadata: JsonObject;
}

/** What `status=deleted` lists add to a row. */
export interface DeletionMark {
  deleted_at: string;
  deleted_by: string | null;
  deleted_by_api_key: string | null;
  litellm_changed_by: string | null;
}

/** Everything the simulated proxy knows; tests may change it while the simulator runs. */
export interface ProxyState {
  models: ModelDeployment[];
  teams: Map<string, TeamRow>;
  teamMemberships: TeamMembership[];
  users: Map<string, UserRow>;
  keys: Map<string, KeyRow>;
  deletedTeams: (TeamRow & DeletionMark)[];
  deletedKeys: (KeyRow & DeletionMark)[];
  spend: SpendRow[];
  /** Ids of teams that fail LiteLLM's own validation: `/team/list` skips them without a word. */
  teamsFailingValidation: Set<string>;
}

/** A proxy that was just installed: no models, nobody, no requests. */
export function emptyState(): ProxyState {
  return {
    models: [],
    teams: new Map(),
    teamMemberships: [],
    users: new Map(),
    keys: new Map(),
    deletedTeams: [],
    deletedKeys: [],
    spend: [],
    teamsFailingValidation: new Set(),
  };
}
