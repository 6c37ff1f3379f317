import pg from 'pg';
import { sessionConfig } from '../../src/main/postgres/session-settings';

/**
 * Opens a session of a test's or a benchmark's own, which its caller ends. It has the console's list of settings,
 * whatever the database or the role has otherwise; names without a schema are found and made in `public`, and values
 * come as plain node-postgres has them.
 */
export async function openTestSession(config: pg.ClientConfig): Promise<pg.Client> {
  const client = new pg.Client(testSessionConfig(config));
  await client.connect();
  return client;
}

/** Several of them, opened when they are asked for. */
export function testSessions(config: pg.PoolConfig): pg.Pool {
  return new pg.Pool({ ...config, ...testSessionConfig(config) });
}

function testSessionConfig(config: pg.ClientConfig): pg.ClientConfig {
  const session = sessionConfig(config);
  return {
    ...session,
    application_name: config.application_name ?? 'litemaas-tests',
    options: `${session.options ?? ''} -c search_path=public,pg_temp`,
    types: config.types ?? pg.types,
  };
}
