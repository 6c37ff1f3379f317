import type pg from 'pg';
import type { ConnectionFields, ConnectionReport } from '../../../shared/contract/workspace';
import type { Passport } from '../../../shared/contract/passport';
import { AppError } from '../../../shared/errors';
import { identifyDatabase } from '../../postgres/passport';
import { isBehindPooler } from '../../postgres/session-settings';
import { describeOthers, describePowers } from '../../postgres/superuser';
import { streamOf } from '../../postgres/wire';
import { say } from '../../kernel/say';
import { inspectSchema } from '../inspect-schema';
import { isLoopback } from '../tls-mode';
import { connectOnce, type ServerAccess } from './connect-once';
import { warningsOf } from './connection-warnings';

/**
 * Connects once and says what is there: server, protection on the way, role, privileges, which database it is. Stores
 * nothing and changes nothing. Throws what `connectOnce` throws.
 */
export async function reportConnection(
  access: ServerAccess,
  {
    signal,
    migrationsFolder,
    acceptSuperuser = false,
  }: {
    readonly signal: AbortSignal;
    readonly migrationsFolder: string;
    /** The person chose to be a superuser there. */
    readonly acceptSuperuser?: boolean;
  },
): Promise<ConnectionReport> {
  const startedAt = performance.now();
  return connectOnce(access, { signal, acceptSuperuser }, async (client, { facts, superuserRisk }) => {
    const { connection } = access;
    const server = await describeServer(client);
    const { passport, obstacle } = await describeDatabase(client, migrationsFolder);
    const tls = tlsOf(client, connection, server.client_certificate_sent);
    const report = {
      elapsedMs: Math.round(performance.now() - startedAt),
      serverVersion: server.server_version,
      serverVersionNumber: facts.server_version_number,
      tls,
      unencrypted: unencrypted(connection),
      signIn: streamOf(client).signInMethod ?? 'none',
      role: {
        name: server.role_name,
        superuser: server.superuser,
        memberOf: server.member_of,
        ownsDatabase: server.owns_database,
      },
      superuserRisk: superuserRisk && {
        powers: describePowers(superuserRisk),
        others: describeOthers(superuserRisk),
      },
      privileges: {
        createSchemas: server.create_schemas,
        createTables: server.create_tables,
        tables: server.tables,
        readableTables: server.readable_tables,
        writableTables: server.writable_tables,
      },
      inRecovery: facts.in_recovery,
      readOnlyByDefault: server.read_only_by_default,
      pooler: isBehindPooler(client, facts),
      sizeBytes: server.size_bytes,
      database: passport,
    };
    return {
      ...report,
      warnings: [
        ...(obstacle === null ? [] : [obstacle]),
        ...(facts.acts_as === null
          ? []
          : [say('workspace.warnings.actsAs', { user: connection.user, role: facts.acts_as })]),
        ...warningsOf(report, new Date()),
      ],
    };
  });
}

/** Which database it is, of ours also what works there; and what would keep the console from opening it. */
async function describeDatabase(
  client: pg.ClientBase,
  migrationsFolder: string,
): Promise<{ passport: Passport; obstacle: string | null }> {
  const passport = await identifyDatabase(client);
  try {
    const schema = await inspectSchema(client, passport, migrationsFolder);
    if (schema === 'empty' || schema === 'foreign') return { passport, obstacle: null };
    const statement = `${passport.statement} ${say(`health.passport.consoleWorks.${schema}`)}`;
    return { passport: { ...passport, statement }, obstacle: null };
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'db_permission') throw error;
    return { passport, obstacle: say('workspace.warnings.ledgerForbidden', { remedy: error.hint ?? '' }) };
  }
}

interface ServerRow {
  readonly server_version: string;
  readonly role_name: string;
  readonly superuser: boolean;
  readonly member_of: string[];
  readonly owns_database: boolean;
  readonly create_schemas: boolean;
  readonly create_tables: boolean;
  readonly tables: number;
  readonly readable_tables: number;
  readonly writable_tables: number;
  readonly read_only_by_default: boolean;
  readonly size_bytes: string | null;
  readonly client_certificate_sent: boolean;
}

async function describeServer(client: pg.Client): Promise<ServerRow> {
  const { rows } = await client.query<ServerRow>(`
    WITH role AS (
      SELECT oid, rolname, rolsuper FROM pg_roles WHERE rolname = current_user
    ), ordinary_tables AS (
      SELECT count(*)::int AS tables,
        (count(*) FILTER (WHERE has_table_privilege(class.oid, 'SELECT')))::int AS readable_tables,
        (count(*) FILTER (WHERE has_table_privilege(class.oid, 'INSERT, UPDATE, DELETE')))::int AS writable_tables
      FROM pg_class AS class
      JOIN pg_namespace AS namespace ON namespace.oid = class.relnamespace
      WHERE class.relkind IN ('r', 'p')
        AND namespace.nspname <> 'information_schema' AND namespace.nspname !~ '^pg_'
    )
    SELECT current_setting('server_version') AS server_version,
      role.rolname AS role_name,
      role.rolsuper AS superuser,
      ARRAY(
        SELECT granted.rolname::text FROM pg_auth_members AS membership
        JOIN pg_roles AS granted ON granted.oid = membership.roleid
        WHERE membership.member = role.oid ORDER BY 1 LIMIT 50
      ) AS member_of,
      database.datdba = role.oid AS owns_database,
      has_database_privilege(database.oid, 'CREATE') AS create_schemas,
      coalesce(has_schema_privilege(to_regnamespace('public')::oid, 'CREATE'), false) AS create_tables,
      ordinary_tables.*,
      (SELECT setting = 'on' FROM pg_settings WHERE name = 'default_transaction_read_only') AS read_only_by_default,
      CASE WHEN has_database_privilege(database.oid, 'CONNECT') THEN pg_database_size(database.oid)::text END
        AS size_bytes,
      EXISTS (SELECT FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND client_dn IS NOT NULL)
        AS client_certificate_sent
    FROM role, ordinary_tables, pg_database AS database
    WHERE database.datname = current_database()`);
  const row = rows[0];
  if (!row) throw new Error('The catalogue answered without a row.');
  return row;
}

function unencrypted({ host, socketFolder, tlsMode }: ConnectionFields): ConnectionReport['unencrypted'] {
  if (socketFolder !== null || tlsMode !== 'disable') return null;
  return isLoopback(host ?? 'localhost') ? 'this-machine' : 'network';
}

function tlsOf(
  client: pg.Client,
  { tlsMode, caFile, host }: ConnectionFields,
  clientCertificateSent: boolean,
): ConnectionReport['tls'] {
  const { tls: stream } = streamOf(client);
  if (stream === null) return null;
  const certificate = stream.getPeerCertificate();
  const verified = tlsMode === 'verify-full' ? 'name' : caFile === null ? 'nothing' : 'authority';
  const names = certificate.subjectaltname ?? certificate.subject?.CN ?? null;
  return {
    protocol: stream.getProtocol() ?? '',
    cipher: stream.getCipher().name,
    verified,
    peerName: verified === 'name' ? (host ?? 'localhost') : namesOnly(names),
    issuer: namesOnly(certificate.issuer?.CN ?? certificate.issuer?.O ?? null),
    expiresAt: certificate.valid_to
      ? new Date(certificate.valid_to).toISOString().replace('Z', '000Z')
      : null,
    clientCertificateSent,
  };
}

function namesOnly(names: string | string[] | null): string | null {
  if (names === null) return null;
  return [names]
    .flat()
    .join(', ')
    .replaceAll(/(?:DNS|IP Address):/g, '');
}
