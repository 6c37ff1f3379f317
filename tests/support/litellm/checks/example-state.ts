import { emptyState, keyRow, spendRow, teamRow, userRow, type ProxyState } from '../index';
import { examples } from './reference-examples';

/** The moment of the reference's examples. */
export const exampleNow = new Date('2026-09-09T15:30:00Z');

/** Plaintext of a second key of the same user. */
export const secondKey = 'sk-example-second-key-0002';

/** A proxy holding exactly what the reference's examples show. */
export function exampleState(): ProxyState {
  const state = emptyState();
  const { deployment, team, user, key, spend } = examples;
  const openai = {
    ...deployment,
    litellm_params: { ...deployment.litellm_params, model: 'gpt-4o', custom_llm_provider: 'openai' },
    model_info: { ...deployment.model_info, id: '9a1b', key: 'gpt-4o', litellm_provider: 'openai' },
  };
  state.models = [structuredClone(deployment), structuredClone(openai)];
  state.teams.set(team.team_id, teamRow(structuredClone(team)));
  state.users.set(user.user_id, userRow(structuredClone(user)));
  const first = { ...keyRow('sk-unknown-plaintext'), ...structuredClone(key) };
  state.keys.set(first.token, first);
  const second = keyRow(secondKey, { user_id: user.user_id, created_at: '2026-02-01T00:00:00Z' });
  state.keys.set(second.token, second);
  state.spend = [spendRow(structuredClone(spend))];
  return state;
}
