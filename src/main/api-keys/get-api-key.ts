import { type SQL, sql } from 'drizzle-orm';
import * as z from 'zod';
import { apiKeyDetails } from '../../shared/contract/api-keys';
import type { Contract } from '../../shared/contract/index';
import { AppError } from '../../shared/errors';
import { readUntold } from '../changes/outbox';
import { readRemoteRecords } from '../litellm/read-remote-records';
import { jsonColumn, jsonWithoutSecrets } from '../postgres/long-text';
import type { Connection } from '../postgres/database';
import { from, tables } from '../postgres/relations';
import type { Handler } from '../router/handlers';
import { apiKeyRows } from './api-key-rows';
import { say } from '../kernel/say';

const modelLimit = 200;

const privilegeRow = z.strictObject({ seesValue: z.boolean() });

/** SQL: whether the value is stored; NULL for a role that may not read the column, not even whether it is empty. */
async function valueIsStored({ select }: Connection): Promise<SQL> {
  const [privilege] = await select(
    privilegeRow,
    sql`SELECT has_column_privilege(${tables.api_keys}, 'lite_llm_key_value', 'SELECT') AS "seesValue"`,
  );
  return privilege?.seesValue === true ? sql`k.lite_llm_key_value IS NOT NULL` : sql`NULL::boolean`;
}

/** One API key whole, without its value and its hash. Throws `not_found`. */
export const getApiKey: Handler<Contract['apiKeys']['get']> = ({ id }, { signal, workspace: { database } }) =>
  database.read(signal, async (connection) => {
    const [row] = await apiKeyRows(connection, [id]);
    const [details] = await connection.select(
      apiKeyDetails,
      sql`
        SELECT
          CASE WHEN s.id IS NOT NULL
            THEN jsonb_build_object('id', s.id, 'label', m.name) END AS subscription,
          k.revoked_at AS "revokedAt",
          k.last_sync_at AS "lastSyncAt", model.references AS "allModelRefs",
          ${await valueIsStored(connection)} AS "valueStored",
          ${jsonColumn(sql`k.metadata`)} AS metadata
        FROM ${from('api_keys', 'k')}
        LEFT JOIN ${from('subscriptions', 's')} ON s.id = k.subscription_id
        LEFT JOIN ${from('models', 'm')} ON m.id = s.model_id
        CROSS JOIN LATERAL (
          SELECT coalesce(jsonb_agg(jsonb_build_object('id', listed.id, 'label', listed.name)), '[]') AS references
          FROM (
            SELECT own.id, own.name FROM ${from('api_key_models', 'km')} JOIN ${from('models', 'own')} ON own.id = km.model_id
            WHERE km.api_key_id = k.id ORDER BY own.name, own.id LIMIT ${modelLimit}
          ) AS listed
        ) AS model
        WHERE k.id = ${id}`,
    );
    if (!row || !details) {
      throw new AppError('not_found', say('records.gone.apiKey'), {
        hint: say('records.goneHint.apiKey'),
      });
    }
    return {
      ...row,
      ...details,
      metadata: jsonWithoutSecrets(details.metadata),
      litellm: await readRemoteRecords(connection, 'key', id),
      untoldNews: await readUntold(connection, 'api_key', id),
    };
  });
