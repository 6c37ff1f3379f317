import { sql, type SQL } from 'drizzle-orm';
import { type ModelRow, modelRow, mostCapabilities } from '../../shared/contract/models';
import { remoteSeenAt } from '../litellm/read-remote-records';
import type { Connection } from '../postgres/database';
import { pageRelation } from '../records/list-query';
import { beginningWithoutSecrets } from '../postgres/long-text';
import { from } from '../postgres/relations';
import { versionOf } from '../changes/record-table';
import { knownInputPrice, knownOutputPrice } from './known-prices';
import { modelsRecord } from './models-record';
import { isOfLitellm } from './owned-by-litellm';

/** Characters of a description that a list may show. */
const shownDescription = 200;
const shownCapabilities = 50;

/** What model `m` can do: its list, and what LiteMaaS keeps in columns of their own. @param limit null: all of it. */
export const modelCapabilities = (limit: number | null = shownCapabilities): SQL => sql`ARRAY(
  SELECT DISTINCT capability FROM unnest(
    m.capabilities
    || CASE WHEN m.supports_function_calling THEN ARRAY['function_calling'] END
    || CASE WHEN m.supports_vision THEN ARRAY['vision'] END
  ) AS capability WHERE capability <> '' ORDER BY capability LIMIT ${limit})`;

/** How many capabilities are read; one more than a person may name tells that a list is longer. */
const capabilitiesOf = { shown: shownCapabilities, edited: mostCapabilities + 1, exported: null } as const;

/**
 * The given models in the given order.
 * @param extent how much of long lists: what a list shows, what can be edited, or all of it for an export.
 */
export async function modelRows(
  { select }: Connection,
  ids: readonly string[],
  extent: keyof typeof capabilitiesOf = 'shown',
): Promise<ModelRow[]> {
  const rows = await select(
    modelRow,
    sql`
      SELECT
        m.id, m.name, m.provider, left(m.description, ${shownDescription}) AS description,
        ${modelCapabilities(capabilitiesOf[extent])} AS capabilities,
        m.context_length AS "contextLength", m.max_tokens AS "maxTokens",
        trim_scale(${knownInputPrice}) AS "inputPricePer1k",
        trim_scale(${knownOutputPrice}) AS "outputPricePer1k", m.is_active AS "isActive",
        CASE WHEN remote.state IN ('linked', 'conflict', 'missing') THEN remote.state ELSE 'none' END AS sync,
        remote.seen_at AS "lastSyncAt", ${isOfLitellm} AS "isOfLitellm", m.created_at AS "createdAt",
        ${versionOf(modelsRecord, 'm')} AS version
      FROM ${pageRelation(ids, 'text')}
      JOIN ${from('models', 'm')} ON m.id = page.id
      LEFT JOIN LATERAL (
        SELECT o.state, ${remoteSeenAt} AS seen_at FROM ${from('litellm_objects', 'o')}
        WHERE o.kind = 'model' AND o.local_id = m.id ORDER BY 2 DESC LIMIT 1
      ) AS remote ON true
      ORDER BY page.position`,
  );
  return rows.map((row) => ({
    ...row,
    description: beginningWithoutSecrets(row.description, shownDescription),
  }));
}
