import { afterAll, beforeAll, expect, it } from 'vitest';
import { revealConnection } from '../../../src/main/database/reveal-connection';
import type { WorkspaceCall } from '../../../src/main/router/handlers';
import { openDatabase } from '../../../src/main/postgres/database';
import { openTestSession } from '../../support/test-session';
import { openTestWorkspace, type TestWorkspace } from '../../support/workspace';

const password = 'p@ss/$& word';
let test: TestWorkspace;
let withPassword: WorkspaceCall;
const { signal } = new AbortController();

beforeAll(async () => {
  test = await openTestWorkspace();
  // The server of the tests asks for none.
  const database = openDatabase({ config: { ...test.database.config, password }, readOnly: false });
  withPassword = { signal, workspace: { ...test.workspace, database }, report: () => undefined };
});
afterAll(async () => {
  await withPassword.workspace.database.close();
  await test.close();
});

async function entries(): Promise<string[]> {
  const client = await openTestSession(test.database.config);
  const { rows } = await client.query<{ entry: string }>(
    'SELECT to_jsonb(entry)::text AS entry FROM audit_logs AS entry ORDER BY created_at, id',
  );
  await client.end();
  return rows.map(({ entry }) => entry);
}

it('says the connection with its password, and keeps in the audit log that it did, not what', async () => {
  const { host, port, user, database } = test.database.config;
  const { secret } = await revealConnection(withPassword);
  expect(new URL(secret)).toMatchObject({
    ...{ hostname: host, port: String(port), username: user, pathname: `/${String(database)}` },
    password: encodeURIComponent(password),
  });
  const found = await entries();
  expect(found).toEqual([expect.stringContaining('DATABASE_REVEAL_CONNECTION')]);
  for (const form of [password, encodeURIComponent(password)]) expect(found.join()).not.toContain(form);
});

it('says nothing of a connection without a password, and writes nothing', async () => {
  const before = await entries();
  const call = { signal, workspace: test.workspace, report: () => undefined };
  await expect(revealConnection(call)).rejects.toMatchObject({ code: 'not_found' });
  expect(await entries()).toEqual(before);
});

it('says nothing where the audit log can’t be written', async () => {
  const client = await openTestSession(test.database.config);
  await client.query(`REVOKE INSERT ON audit_logs FROM ${String(test.database.config.user)}`);
  const told: unknown = await revealConnection(withPassword).catch((error: unknown) => error);
  await client.query(`GRANT INSERT ON audit_logs TO ${String(test.database.config.user)}`);
  await client.end();
  expect(told).toMatchObject({ code: 'db_permission' });
  expect(JSON.stringify(told)).not.toContain(encodeURIComponent(password));
});
