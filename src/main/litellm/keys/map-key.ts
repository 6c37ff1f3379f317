import type { KeyRow } from './key-rows';
import { type Mapped, truncate } from '../mapping/fields';
import {
  budgetDuration,
  clampFinding,
  findingOf,
  limitFields,
  resetsDaily,
  spendField,
} from '../mapping/limits';
import { dashboardTeamId } from '../teams/map-team';
import { systemUserId } from '../users/map-user';

/** Our records that a key's remote ids stand for; null where the pull knows none. */
export interface KeyOwners {
  readonly userId: string | null;
  readonly teamId: string | null;
  /** Which of the key's model names are models of ours. */
  readonly knownModels: ReadonlySet<string>;
}

/** A key without its value: LiteLLM shows a value only once, and the pull never asks for it (design: "LiteLLM"). */
export function mapKey(row: KeyRow, owners: KeyOwners): Mapped {
  const homeless = (reason: string): Mapped => ({
    home: false,
    reason,
    name: row.key_alias ?? keyPrefix(row.key_name),
  });
  if (row.team_id === dashboardTeamId || row.user_id === systemUserId) return homeless('system_object');
  if (row.user_id === null) return homeless('no_user');
  if (owners.userId === null) return homeless('unknown_user');
  const limits = limitFields(row);
  const alias = row.key_alias === null ? null : truncate(row.key_alias, 255);
  const unknownModels = row.models.filter((model) => !owners.knownModels.has(model));
  return {
    home: true,
    fields: {
      user_id: owners.userId,
      team_id: owners.teamId,
      name: alias,
      key_hash: row.token,
      key_prefix: keyPrefix(row.key_name),
      litellm_key_alias: alias,
      ...limits.fields,
      current_spend: spendField(row.spend),
      budget_duration: budgetDuration(row.budget_duration),
      expires_at: row.expires,
      is_active: !row.blocked,
      created_at: row.created_at,
      litellm_token: row.token,
      litellm_models_raw: unknownModels,
      litellm: {
        metadata: row.metadata,
        team_id: row.team_id,
        max_parallel_requests: row.max_parallel_requests,
        budget_duration: row.budget_duration,
      },
      models: modelsOf(row, owners),
    },
    finding: findingOf([
      row.models.length === 0 && 'all_models',
      unknownModels.length > 0 && 'unknown_models',
      row.team_id !== null && owners.teamId === null && 'unknown_team',
      resetsDaily(row.budget_duration) && 'budget_resets_daily',
      alias !== row.key_alias && 'name_too_long',
      clampFinding(limits.clamped),
    ]),
  };
}

/** In a stable order, each once. */
function modelsOf(row: KeyRow, owners: KeyOwners): string[] {
  return [...new Set(row.models)].filter((model) => owners.knownModels.has(model)).sort();
}

/** `sk-...` and the last four characters, as LiteLLM shows a key; anything longer might be more of the key. */
function keyPrefix(keyName: string | null): string {
  const lastFour = /^sk-\.\.\.(.{4})$/.exec(keyName ?? '')?.[1];
  return lastFour === undefined ? 'sk-...' : `sk-...${lastFour}`;
}
