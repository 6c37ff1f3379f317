import { sql, type SQL } from 'drizzle-orm';
import type { UsageDimension } from '../../shared/contract/usage';
import { apiKeyLabel } from '../api-keys/api-key-rows';
import { from } from '../postgres/relations';

interface Dimension {
  /** The rollup's column, recorded as it was at the time. */
  readonly column: SQL;
  readonly idType: 'uuid' | 'text';
  /** The relation with the labels of what still exists, and its id. */
  readonly labels: SQL;
  readonly labelId: SQL;
  readonly label: SQL;
  /** Ids of this dimension that belong to the API key with a hash. */
  readonly ofKeyHash: (keyHash: string) => SQL;
}

/** What usage can be split by. */
export const dimensions: Record<UsageDimension, Dimension> = {
  model: {
    column: sql`usage.model_id`,
    idType: 'text',
    labels: from('models', 'm'),
    labelId: sql`m.id`,
    label: sql`m.name`,
    ofKeyHash: (keyHash) => sql`
      SELECT km.model_id FROM ${from('api_key_models', 'km')} JOIN ${from('api_keys', 'k')} ON k.id = km.api_key_id
      WHERE k.key_hash = ${keyHash}`,
  },
  user: {
    column: sql`usage.user_id`,
    idType: 'uuid',
    labels: from('users', 'u'),
    labelId: sql`u.id`,
    label: sql`u.username`,
    ofKeyHash: (keyHash) => sql`SELECT k.user_id FROM ${from('api_keys', 'k')} WHERE k.key_hash = ${keyHash}`,
  },
  team: {
    column: sql`usage.team_id`,
    idType: 'uuid',
    labels: from('teams', 't'),
    labelId: sql`t.id`,
    label: sql`t.name`,
    ofKeyHash: (keyHash) => sql`SELECT k.team_id FROM ${from('api_keys', 'k')} WHERE k.key_hash = ${keyHash}`,
  },
  apiKey: {
    column: sql`usage.api_key_id`,
    idType: 'uuid',
    labels: from('api_keys', 'k'),
    labelId: sql`k.id`,
    label: apiKeyLabel,
    ofKeyHash: (keyHash) => sql`SELECT k.id FROM ${from('api_keys', 'k')} WHERE k.key_hash = ${keyHash}`,
  },
};
