import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { Contract } from '../../shared/contract/index';
import { uuid } from '../../shared/contract/values';
import type { AttentionItem } from '../../shared/contract/overview';
import { readLink } from '../litellm/link/proxy-link';
import { readLastRun } from '../litellm/pull/store/sync-runs';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';
import type { Handler } from '../router/handlers';
import { findings } from './findings';

const severities = ['error', 'warning', 'info'] as const;

/** What needs attention, most serious first; nothing that counts 0. */
export const overviewAttention: Handler<Contract['overview']['attention']> = (
  _input,
  { signal, workspace: { database } },
) =>
  database.read(signal, async (connection) => {
    const items: AttentionItem[] = await readSyncItems(connection);
    for (const { kind, of, severity, count, records } of findings) {
      const [row] = await connection.select(z.strictObject({ count: z.int() }), count);
      if (row === undefined || row.count === 0) continue;
      const [only] =
        row.count === 1 && records !== undefined
          ? await connection.select(z.strictObject({ id: uuid }), records)
          : [];
      const item = { kind, severity, count: row.count, record: only?.id ?? null };
      items.push(of === undefined ? item : { ...item, of });
    }
    return {
      items: items.toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity)),
    };
  });

/** Of a linked proxy: whether its last pull failed, and whether any has ever come to its end. */
async function readSyncItems(connection: Connection): Promise<AttentionItem[]> {
  const link = await readLink(connection);
  if (link === null) return [];
  const last = await readLastRun(connection, link.baseUrl);
  const state = last?.summary.state;
  const [row] = await connection.select(
    z.strictObject({ synced: z.boolean() }),
    sql`
      SELECT EXISTS (
        SELECT FROM ${from('sync_runs')} WHERE proxy_id = ${link.baseUrl} AND state = 'succeeded'
      ) AS synced`,
  );
  return [
    ...(state === 'failed' || state === 'interrupted'
      ? [{ kind: 'sync_failed', severity: 'error', count: 1, record: null } as const]
      : []),
    ...(row?.synced === true
      ? []
      : [{ kind: 'never_synced', severity: 'info', count: 1, record: null } as const]),
  ];
}
