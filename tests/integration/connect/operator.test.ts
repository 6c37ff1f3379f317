import { hostname, userInfo } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeAudit } from '../../../src/main/changes/write-audit';
import { insertUser } from '../../support/builders';
import { openTestSession } from '../../support/test-session';
import { openTestWorkspace, type TestWorkspace } from '../../support/workspace';
import type pg from 'pg';

/** Who stands in the audit trail: the users row that a workspace names as its operator, and always the OS account. */
let opened: TestWorkspace;
let client: pg.Client;

beforeAll(async () => {
  opened = await openTestWorkspace();
  client = await openTestSession(opened.database.config);
});
afterAll(async () => {
  await client.end();
  await opened.close();
});

async function auditedAs(operatorUserId: string | null): Promise<unknown> {
  const { workspace } = opened;
  const { signal } = new AbortController();
  const entry = { action: 'OPERATOR_TEST', resourceType: 'USER', resourceId: operatorUserId } as const;
  await workspace.database.write(signal, (connection) =>
    writeAudit(connection, { ...workspace, profile: { ...workspace.profile, operatorUserId } }, [entry]),
  );
  const { rows } = await client.query<{ user_id: string | null; metadata: unknown }>(
    `SELECT user_id, metadata FROM audit_logs WHERE action = 'OPERATOR_TEST' AND resource_id IS NOT DISTINCT FROM $1`,
    [operatorUserId],
  );
  return rows[0];
}

describe('an audit row', () => {
  const operator = { osUser: userInfo().username, host: hostname() };

  it('names the operator of the workspace', async () => {
    const ana = await insertUser(client, { username: 'ana' });
    expect(await auditedAs(ana.id)).toEqual({ user_id: ana.id, metadata: { operator } });
  });

  it('names the account of the operating system alone where there is no operator, or none of this database', async () => {
    expect(await auditedAs(null)).toEqual({ user_id: null, metadata: { operator } });
    const stranger = '99999999-9999-4999-8999-999999999999';
    expect(await auditedAs(stranger)).toEqual({ user_id: null, metadata: { operator } });
  });
});
