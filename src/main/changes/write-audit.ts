import { hostname, userInfo } from 'node:os';
import { sql } from 'drizzle-orm';
import type { AuditResourceType } from '../../shared/contract/audit';
import type { Connection } from '../postgres/database';
import { from, table } from '../postgres/relations';
import type { OpenWorkspace } from '../workspace/open-workspace';
import { maskTexts } from './without-secrets';

/** One line of the audit trail. */
export interface AuditEntry {
  /** In LiteMaaS's upper-case style, such as `DEMO_LOAD`. */
  readonly action: string;
  readonly resourceType: AuditResourceType;
  readonly resourceId: string | null;
  /**
   * Facts worth keeping; never a secret. The audit log reads `before` and `after` (the record's fields), `reason`, and
   * `batchId`, which entries of one bulk change share.
   */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** Who is at the console: for `audit_logs`, and for triggers that record an actor. */
export function operatorName(): string {
  return `${userInfo().username}@${hostname()}`;
}

/**
 * Writes the audit rows of a change, in the transaction of that change: who (the workspace's operator), as which OS
 * user and from which host.
 */
export async function writeAudit(
  { run }: Connection,
  { profile }: OpenWorkspace,
  entries: readonly AuditEntry[],
): Promise<void> {
  const operator = { osUser: userInfo().username, host: hostname() };
  const rows = entries.map(({ action, resourceType, resourceId, metadata }) => ({
    action,
    resource_type: resourceType,
    resource_id: resourceId,
    metadata: { ...(maskTexts(metadata ?? {}) as object), operator },
  }));
  await run(sql`
    INSERT INTO ${table('audit_logs')} (user_id, action, resource_type, resource_id, metadata)
    SELECT (SELECT id FROM ${from('users')} WHERE id::text = ${profile.operatorUserId}),
      entry.action, entry.resource_type, entry.resource_id, entry.metadata
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      AS entry (action text, resource_type text, resource_id text, metadata jsonb)`);
}
