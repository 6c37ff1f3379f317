import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { ResultOf } from '../../shared/contract/index';
import type { databaseContract } from '../../shared/contract/database';
import { bigInteger, instant } from '../../shared/contract/values';
import type { LocalServer } from '../local-server';
import type { WorkspaceCall } from '../router/handlers';
import { describeLocation } from '../workspace/describe-location';

type Status = ResultOf<typeof databaseContract.status>;

const serverFacts = z.strictObject({
  server_version: z.string(),
  database: z.string(),
  database_user: z.string(),
  tls: z.string().nullable(),
  size_bytes: bigInteger,
  started_at: instant,
  encoding: z.string(),
  locale: z.string(),
  in_recovery: z.boolean(),
  connections_used: z.int(),
  connections_max: z.int(),
});

/** What the open database's server says about itself; for the local one also where its files are. */
export async function serverStatus(
  { signal, workspace }: WorkspaceCall,
  localServer: LocalServer,
): Promise<Status> {
  const [facts] = await workspace.database.read(signal, ({ select }) =>
    select(
      serverFacts,
      sql`
      SELECT
        current_setting('server_version') AS server_version,
        current_database() AS database,
        current_user AS database_user,
        (SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl) AS tls,
        pg_database_size(current_database()) AS size_bytes,
        pg_postmaster_start_time() AS started_at,
        pg_encoding_to_char(encoding) AS encoding,
        -- Named differently by version: 17 has one column for every provider but libc, 15 and 16 one for ICU.
        coalesce(
          to_jsonb(pg_database) ->> 'datlocale',
          to_jsonb(pg_database) ->> 'daticulocale',
          datcollate
        ) AS locale,
        pg_is_in_recovery() AS in_recovery,
        (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend') AS connections_used,
        current_setting('max_connections')::int AS connections_max
      FROM pg_database
      WHERE datname = current_database()`,
    ),
  );
  if (!facts) throw new Error('pg_database has no row for the current database');
  const { host, port } = workspace.database.config;
  return {
    serverVersion: facts.server_version,
    database: facts.database,
    user: facts.database_user,
    host: host ?? 'localhost',
    port: port ?? 5432,
    tls: facts.tls,
    sizeBytes: facts.size_bytes,
    startedAt: facts.started_at,
    encoding: facts.encoding,
    locale: facts.locale,
    inRecovery: facts.in_recovery,
    connections: { used: facts.connections_used, max: facts.connections_max },
    connectionString: describeLocation(workspace.database.config),
    local: workspace.profile.kind === 'local' ? await localServer.facts() : null,
  };
}
