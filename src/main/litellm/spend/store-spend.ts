import { sql } from 'drizzle-orm';
import type { Connection } from '../../postgres/database';
import { table } from '../../postgres/relations';
import { importUsage, type UsageImportRow } from '../../usage-log/import-usage';
import { canonicalJson } from '../mapping/fields';
import type { SpendRow } from './spend-rows';
import type { RejectedRow } from '../mapping/values';
import { count, type PullContext } from '../pull/pull-context';
import { saveChanged, unreadableObject } from '../pull/scan-pages';
import { contentId } from '../mapping/content-id';
import { type AttributeOptions, attributeSpend } from './attribute-spend';

/** Writes requests into the usage log. What began before `countFrom` is history and counts towards no quota. */
export async function storeSpend(
  connection: Connection,
  context: PullContext,
  rows: readonly SpendRow[],
  countFrom: string,
  options: AttributeOptions,
): Promise<void> {
  if (rows.length === 0) return;
  const usage = await attributeSpend(connection, rows, options);
  const history = usage.filter((row) => row.createdAt < countFrom);
  const current = usage.filter((row) => row.createdAt >= countFrom);
  for (const [part, countUsage] of [
    [history, false],
    [current, true],
  ] as const) {
    if (part.length === 0) continue;
    const outcome = await importUsage(connection.client, part, { countUsage, signal: context.signal });
    const { inserted, updated, unchanged, unattributed } = outcome;
    count(context, 'spend', {
      read: part.length,
      created: inserted,
      updated,
      unchanged,
      homeless: unattributed,
    });
  }
  await noteLastUse(connection, usage);
}

/** Rows that cannot be read have no home; their content is not kept. */
export async function keepUnreadable(
  connection: Connection,
  context: PullContext,
  rejected: readonly RejectedRow[],
): Promise<void> {
  const objects = rejected.map((row) => unreadableObject(contentId(canonicalJson(row.content)), row));
  await saveChanged(connection, context, 'spend', [...new Map(objects.map((o) => [o.remoteId, o])).values()]);
  count(context, 'spend', { read: rejected.length, homeless: rejected.length });
}

/** LiteLLM's older releases do not tell when a key was last used; the requests do. */
async function noteLastUse({ run }: Connection, usage: readonly UsageImportRow[]): Promise<void> {
  const last = new Map<string, string>();
  for (const { apiKeyId, createdAt } of usage) {
    if (apiKeyId !== null && createdAt > (last.get(apiKeyId) ?? '')) last.set(apiKeyId, createdAt);
  }
  if (last.size === 0) return;
  const rows = JSON.stringify([...last].map(([id, at]) => ({ id, at })));
  await run(sql`
    UPDATE ${table('api_keys')} AS ak SET last_used_at = used.at
    FROM jsonb_to_recordset(${rows}::jsonb) AS used (id uuid, at timestamptz)
    WHERE ak.id = used.id AND (ak.last_used_at IS NULL OR ak.last_used_at < used.at)`);
}
