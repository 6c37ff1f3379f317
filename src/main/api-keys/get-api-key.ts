import { sql } from 'drizzle-orm';
import type { Contract, ResultOf } from '../../shared/contract/index';
import { AppError } from '../../shared/errors';
import { readRemoteRecords } from '../litellm/read-remote-records';
import { jsonColumn, jsonWithoutSecrets } from '../postgres/long-text';
import type { Handler } from '../router/handlers';
import { apiKeyRows } from './api-key-rows';
import { say } from '../say';

type ApiKey = ResultOf<Contract['apiKeys']['get']>;
type Details = Omit<ApiKey, keyof Awaited<ReturnType<typeof apiKeyRows>>[number] | 'litellm'>;

const modelLimit = 200;

/** One API key whole, without its value and its hash. Throws `not_found`. */
export const getApiKey: Handler<Contract['apiKeys']['get']> = ({ id }, { signal, workspace: { database } }) =>
  database.read(signal, async (connection) => {
    const [row] = await apiKeyRows(connection, [id]);
    const [details] = await connection.select<Details>(sql`
      SELECT
        CASE WHEN s.id IS NOT NULL
          THEN jsonb_build_object('id', s.id, 'label', m.name) END AS subscription,
        k.tpm_limit AS "tpmLimit", k.rpm_limit AS "rpmLimit", k.revoked_at AS "revokedAt",
        k.is_active AS "isActive",
        k.last_sync_at AS "lastSyncAt", model.references AS "allModelRefs",
        k.lite_llm_key_value IS NOT NULL AS "valueStored",
        ${jsonColumn(sql`k.metadata`)} AS metadata
      FROM api_keys k
      LEFT JOIN subscriptions s ON s.id = k.subscription_id
      LEFT JOIN models m ON m.id = s.model_id
      CROSS JOIN LATERAL (
        SELECT coalesce(jsonb_agg(jsonb_build_object('id', listed.id, 'label', listed.name)), '[]') AS references
        FROM (
          SELECT own.id, own.name FROM api_key_models km JOIN models own ON own.id = km.model_id
          WHERE km.api_key_id = k.id ORDER BY own.name, own.id LIMIT ${modelLimit}
        ) AS listed
      ) AS model
      WHERE k.id = ${id}`);
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
    };
  });
