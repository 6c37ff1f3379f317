import { sql } from 'drizzle-orm';
import * as z from 'zod';
import { uuid } from '../../../shared/contract/values';
import { isUuid } from '../mapping/local-id';
import type { Entity } from '../pull/store/apply-page';
import { from } from '../../postgres/relations';

const foundTeam = z.strictObject({ id: uuid, litellm_team_id: z.string().nullable() });

export const teams: Entity = {
  kind: 'team',
  table: {
    name: 'teams',
    idType: 'uuid',
    columns: {
      name: 'text',
      alias: 'text',
      litellm_team_id: 'text',
      max_budget: 'numeric',
      tpm_limit: 'bigint',
      rpm_limit: 'bigint',
      current_spend: 'numeric',
      budget_duration: 'text',
      allowed_models: 'jsonb',
      is_active: 'boolean',
    },
    createColumns: { created_at: 'timestamptz' },
    metadata: ['litellm'],
    onCreate: {},
    onWrite: { sync_status: sql`'synced'`, last_sync_at: sql`CURRENT_TIMESTAMP` },
  },
  remoteDecides: new Set(['litellm_team_id', 'current_spend', 'litellm']),

  async findLocal({ select }, items) {
    const ids = items.map((item) => item.remoteId);
    const rows = await select(
      foundTeam,
      sql`
      SELECT id, litellm_team_id FROM ${from('teams')}
      WHERE id = ANY(${sql.param(ids.filter(isUuid))}::uuid[])
        OR litellm_team_id = ANY(${sql.param(ids)}::text[])`,
    );
    const byRemoteId = new Map(rows.map((row) => [row.litellm_team_id, row.id]));
    const byId = new Map(rows.map((row) => [row.id, row.id]));
    return new Map(
      ids.flatMap((remoteId) => {
        const localId = byRemoteId.get(remoteId) ?? byId.get(remoteId.toLowerCase());
        return localId === undefined ? [] : [[remoteId, localId]];
      }),
    );
  },
};
