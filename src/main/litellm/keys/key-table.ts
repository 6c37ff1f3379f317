import { sql } from 'drizzle-orm';
import * as z from 'zod';
import { uuid } from '../../../shared/contract/values';
import type { Connection } from '../../postgres/database';
import { from, table } from '../../postgres/relations';
import type { Entity, PageItem } from '../pull/store/apply-page';
import type { LocalRecord } from '../pull/store/record-table';

const keyModels = z.strictObject({ api_key_id: uuid, models: z.array(z.string()) });

export const keys: Entity = {
  kind: 'key',
  table: {
    name: 'api_keys',
    idType: 'uuid',
    columns: {
      user_id: 'uuid',
      team_id: 'uuid',
      name: 'text',
      litellm_key_alias: 'text',
      max_budget: 'numeric',
      current_spend: 'numeric',
      budget_duration: 'text',
      tpm_limit: 'bigint',
      rpm_limit: 'bigint',
      expires_at: 'timestamptz',
      is_active: 'boolean',
    },
    createColumns: { key_hash: 'text', key_prefix: 'text', created_at: 'timestamptz' },
    metadata: ['litellm', 'litellm_token', 'litellm_models_raw'],
    onCreate: { lite_llm_key_value: sql`NULL` },
    onWrite: { sync_status: sql`'synced'`, last_sync_at: sql`CURRENT_TIMESTAMP` },
  },
  remoteDecides: new Set(['current_spend', 'litellm', 'litellm_token', 'litellm_models_raw']),

  /** Matches in the order of the API reference (§6.6); the last four characters alone prove nothing. */
  async findLocal(connection, items) {
    const found = new Map<string, string>();
    for (const find of [byHash, byToken, byStoredValue, bySubscription, byAlias]) {
      const rest = items.filter((item) => !found.has(item.remoteId));
      if (rest.length === 0) break;
      for (const { token, id } of await find(connection, rest)) if (!found.has(token)) found.set(token, id);
    }
    return found;
  },

  related: {
    columns: ['models'],
    async read({ select }, records) {
      const rows = await select(
        keyModels,
        sql`
        SELECT api_key_id, array_agg(model_id ORDER BY model_id COLLATE "C") AS models FROM ${from('api_key_models')}
        WHERE api_key_id = ANY(${sql.param([...records.keys()])}::uuid[]) GROUP BY api_key_id`,
      );
      const models = new Map(rows.map((row) => [row.api_key_id, row.models]));
      return new Map([...records].map(([id, fields]) => [id, { ...fields, models: models.get(id) ?? [] }]));
    },
    write: writeModels,
  },
};

const match = z.strictObject({ token: z.string(), id: uuid });
type Match = z.infer<typeof match>;
type Find = (connection: Connection, items: readonly PageItem[]) => Promise<Match[]>;

const tokensOf = (items: readonly PageItem[]) => sql.param(items.map((item) => item.remoteId));

const byHash: Find = ({ select }, items) =>
  select(
    match,
    sql`
    SELECT key_hash AS token, id FROM ${from('api_keys')} WHERE key_hash = ANY(${tokensOf(items)}::text[])`,
  );

const byToken: Find = ({ select }, items) =>
  select(
    match,
    sql`
    SELECT metadata ->> 'litellm_token' AS token, id FROM ${from('api_keys')}
    WHERE metadata ->> 'litellm_token' = ANY(${tokensOf(items)}::text[])`,
  );

/** The hash is made in SQL: a stored key value never leaves the database. */
const byStoredValue: Find = ({ select }, items) =>
  select(
    match,
    sql`
    SELECT hashed.token, hashed.id
    FROM (
      SELECT id, encode(sha256(convert_to(lite_llm_key_value, 'UTF8')), 'hex') AS token
      FROM ${from('api_keys')} WHERE lite_llm_key_value IS NOT NULL
    ) AS hashed
    WHERE hashed.token = ANY(${tokensOf(items)}::text[])`,
  );

const bySubscription: Find = ({ select }, items) =>
  select(
    match,
    sql`
    SELECT s.litellm_key_id AS token, (array_agg(ak.id))[1] AS id
    FROM ${from('subscriptions', 's')}
    JOIN ${from('api_keys', 'ak')} ON ak.subscription_id = s.id AND NOT ak.metadata ? 'litellm_token'
    WHERE s.litellm_key_id = ANY(${tokensOf(items)}::text[])
    GROUP BY s.litellm_key_id HAVING count(*) = 1`,
  );

/** One key of the same user with exactly this alias that is no other key of the proxy yet. */
const byAlias: Find = ({ select }, items) => {
  const wanted = items.flatMap(({ remoteId, mapped }) => {
    if (!mapped.home) return [];
    const { user_id: userId, litellm_key_alias: alias } = mapped.fields;
    return typeof userId === 'string' && typeof alias === 'string'
      ? [{ token: remoteId, user_id: userId, alias }]
      : [];
  });
  if (wanted.length === 0) return Promise.resolve([]);
  return select(
    match,
    sql`
    SELECT wanted.token, (array_agg(ak.id))[1] AS id
    FROM jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) AS wanted (token text, user_id uuid, alias text)
    JOIN ${from('api_keys', 'ak')} ON ak.user_id = wanted.user_id AND ak.litellm_key_alias = wanted.alias
      AND NOT ak.metadata ? 'litellm_token'
    GROUP BY wanted.token HAVING count(*) = 1`,
  );
};

async function writeModels({ run }: Connection, records: readonly LocalRecord[]): Promise<void> {
  const changed = records.filter((record) => Array.isArray(record.fields['models']));
  if (changed.length === 0) return;
  const wanted = JSON.stringify(changed.map(({ id, fields }) => ({ id, models: fields['models'] })));
  await run(sql`
    WITH wanted AS MATERIALIZED (
      SELECT id, models FROM jsonb_to_recordset(${wanted}::jsonb) AS r (id uuid, models text[])
    ), removed AS (
      DELETE FROM ${table('api_key_models')} AS akm USING wanted
      WHERE akm.api_key_id = wanted.id AND NOT akm.model_id = ANY(wanted.models)
    )
    INSERT INTO ${table('api_key_models')} (api_key_id, model_id)
    SELECT wanted.id, model_id FROM wanted CROSS JOIN LATERAL unnest(wanted.models) AS model_id
    ON CONFLICT (api_key_id, model_id) DO NOTHING`);
}
