import { sql, type SQL } from 'drizzle-orm';
import type { UsageDimension } from '../../shared/contract/usage';
import { apiKeySource } from '../api-keys/api-keys-list';
import { modelSource } from '../models/models-list';
import type { RecordSource } from '../records/record-source';
import { teamSource } from '../teams/teams-list';
import { userSource } from '../users/users-list';

interface Dimension {
  /** The rollup's column, recorded as it was at the time. */
  readonly column: SQL;
  /** The labels of what still exists. */
  readonly source: RecordSource;
}

/** What usage can be split by. */
export const dimensions: Record<UsageDimension, Dimension> = {
  model: { column: sql`usage.model_id`, source: modelSource },
  user: { column: sql`usage.user_id`, source: userSource },
  team: { column: sql`usage.team_id`, source: teamSource },
  apiKey: { column: sql`usage.api_key_id`, source: apiKeySource },
};
