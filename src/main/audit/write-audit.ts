import { hostname, userInfo } from 'node:os';
import type pg from 'pg';
import type { OpenWorkspace } from '../workspace/open-workspace';

/** One line of the audit trail. `action` is in LiteMaaS's upper-case style, such as `DEMO_LOAD`. */
export interface AuditEntry {
  readonly action: string;
  readonly resourceType: string;
  readonly resourceId: string | null;
  /** Facts worth keeping; never a secret. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/**
 * Writes the audit row of a change, in the transaction of that change: who (the workspace's operator), as which OS
 * user and from which host.
 */
export async function writeAudit(
  client: pg.ClientBase,
  workspace: OpenWorkspace,
  entry: AuditEntry,
): Promise<void> {
  const operator = { osUser: userInfo().username, host: hostname() };
  await client.query(
    `INSERT INTO public.audit_logs (user_id, action, resource_type, resource_id, user_agent, metadata)
     VALUES ((SELECT id FROM public.users WHERE id::text = $1), $2, $3, $4, 'litemaas-console', $5)`,
    [
      workspace.profile.operatorUserId,
      entry.action,
      entry.resourceType,
      entry.resourceId,
      JSON.stringify({ ...entry.metadata, operator }),
    ],
  );
}
