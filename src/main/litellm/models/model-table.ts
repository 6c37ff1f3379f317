import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { Entity } from '../pull/store/apply-page';
import { from } from '../../postgres/relations';

const columns = {
  name: 'text',
  provider: 'text',
  litellm_provider: 'text',
  capabilities: 'text[]',
  context_length: 'integer',
  max_tokens: 'integer',
  input_price_per_1k: 'numeric',
  output_price_per_1k: 'numeric',
  supports_function_calling: 'boolean',
  supports_vision: 'boolean',
} as const;

const foundModel = z.strictObject({ id: z.string() });

/** Our models are a copy of what the proxy routes to: in all of this it is right. */
export const models: Entity = {
  kind: 'model',
  table: {
    name: 'models',
    idType: 'text',
    columns,
    createColumns: {},
    metadata: ['litellm'],
    onCreate: { is_active: sql`true` },
    onWrite: {},
  },
  remoteDecides: new Set([...Object.keys(columns), 'litellm']),
  newLocalId: (modelName) => modelName,

  async findLocal({ select }, items) {
    const ids = items.map((item) => item.remoteId);
    const rows = await select(
      foundModel,
      sql`SELECT id FROM ${from('models')} WHERE id = ANY(${sql.param(ids)}::text[])`,
    );
    return new Map(rows.map((row) => [row.id, row.id]));
  },
};
