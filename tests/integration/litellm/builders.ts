import {
  emptyState,
  keyRow,
  type ProxyState,
  type SpendRow,
  spendRow,
  teamRow,
  tokenOf,
  type UserRow,
  userRow,
} from '../../support/litellm';

export const ana = '0d2f0000-0000-4000-8000-000000000001';
export const anaKey = 'sk-key-of-ana-0123456789';

/** A small proxy: Ana, her team, her key, one model. */
export function smallState(): ProxyState {
  const state = emptyState();
  state.models.push({
    model_name: 'gpt-4o',
    litellm_params: { model: 'openai/gpt-4o', custom_llm_provider: 'openai' },
    model_info: {
      id: 'deployment-1',
      mode: 'chat',
      litellm_provider: 'openai',
      input_cost_per_token: 2.5e-6,
      output_cost_per_token: 1e-5,
    },
  });
  addUser(state, { user_id: ana, user_alias: 'ana', user_email: 'ana@example.test', max_budget: 100 });
  const members = [{ role: 'user' as const, user_id: ana, user_email: null }];
  state.teams.set(
    'team-one',
    teamRow({ team_id: 'team-one', team_alias: 'One', members_with_roles: members }),
  );
  const key = keyRow(anaKey, { user_id: ana, team_id: 'team-one', key_alias: 'laptop', models: ['gpt-4o'] });
  state.keys.set(key.token, key);
  return state;
}

export function addUser(state: ProxyState, values: Partial<UserRow> & Pick<UserRow, 'user_id'>): void {
  state.users.set(values.user_id, userRow(values));
}

/** A request of Ana's that cost 3/1000 of a cent, split by LiteLLM itself. */
export function request(id: string, at: Date | string, values: Partial<SpendRow> = {}): SpendRow {
  const startTime = typeof at === 'string' ? at : at.toISOString();
  return spendRow({
    request_id: id,
    startTime,
    endTime: startTime,
    api_key: tokenOf(anaKey),
    user: ana,
    team_id: 'team-one',
    model: 'openai/gpt-4o',
    model_group: 'gpt-4o',
    prompt_tokens: 4,
    completion_tokens: 2,
    total_tokens: 6,
    spend: 0.00003,
    metadata: { cost_breakdown: { input_cost: 0.00001, output_cost: 0.00002, total_cost: 0.00003 } },
    ...values,
  });
}
