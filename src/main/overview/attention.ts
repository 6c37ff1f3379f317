import { sql } from 'drizzle-orm';
import type { Contract } from '../../shared/contract/index';
import type { AttentionItem } from '../../shared/contract/overview';
import type { Connection } from '../postgres/database';
import type { Handler } from '../router/handlers';
import { findings } from './findings';

const severities = ['error', 'warning', 'info'] as const;

/** What needs attention, most serious first; nothing that counts 0. */
export const overviewAttention: Handler<Contract['overview']['attention']> = (
  _input,
  { signal, workspace: { database, profile } },
) =>
  database.read(signal, async (connection) => {
    const items: AttentionItem[] = [];
    for (const { kind, severity, count } of findings) {
      const [row] = await connection.select<{ count: number }>(count);
      if (row && row.count > 0) items.push({ kind, severity, count: row.count });
    }
    if (profile.litellm !== null && !(await hasSynced(connection))) {
      items.push({ kind: 'never_synced', severity: 'info', count: 1 });
    }
    return {
      items: items.toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity)),
    };
  });

/** Whether any pull has come to its end: before that a linked proxy's records are not here yet. */
async function hasSynced({ select }: Connection): Promise<boolean> {
  const [row] = await select<{ synced: boolean }>(sql`
    SELECT EXISTS (SELECT FROM litemaas_console.sync_runs WHERE state = 'succeeded') AS synced`);
  return row?.synced === true;
}
