import type pg from 'pg';
import type { ErrorCode } from '../../../shared/errors';
import { ledgerTable } from './ledger';

/** One condition the database must meet before anything is migrated. */
export interface PreflightCheck {
  readonly check: 'version' | 'encoding' | 'database_privilege' | 'schema_privilege' | 'foreign_tables';
  readonly ok: boolean;
  readonly message: string;
  /** What to run or do where it is not met. */
  readonly hint: string | null;
}

/** The error a failed check ends a migration with. */
export const preflightErrorCodes: Record<PreflightCheck['check'], ErrorCode> = {
  version: 'db_version',
  encoding: 'db_server',
  database_privilege: 'db_permission',
  schema_privilege: 'db_permission',
  foreign_tables: 'conflict',
};

const oldestVersion = 150_000;

interface Facts {
  version: string;
  version_number: number;
  encoding: string;
  user: string;
  database: string;
  may_create_schemas: boolean;
  may_create_tables: boolean;
  has_public: boolean;
  has_ledger: boolean;
  foreign_tables: string[];
}

/**
 * Asks the server what migrating needs: PostgreSQL 15, UTF-8, the right to create schemas in the database and tables
 * in `public`, and no tables of somebody else's under the names ours will have. Changes nothing.
 */
export async function preflight(client: pg.ClientBase): Promise<readonly PreflightCheck[]> {
  const { rows } = await client.query<Facts>(`
    SELECT
      current_setting('server_version') AS version,
      current_setting('server_version_num')::int AS version_number,
      current_setting('server_encoding') AS encoding,
      quote_ident(current_user) AS "user",
      quote_ident(current_database()) AS database,
      has_database_privilege(current_database(), 'CREATE') AS may_create_schemas,
      COALESCE(has_schema_privilege(to_regnamespace('public'), 'CREATE'), false) AS may_create_tables,
      to_regnamespace('public') IS NOT NULL AS has_public,
      EXISTS (${ledgerTable}) AS has_ledger,
      ARRAY(
        SELECT relname::text FROM pg_class
        WHERE relnamespace = to_regnamespace('public')
          AND relname IN ('users', 'models', 'teams', 'team_members', 'subscriptions', 'api_keys', 'api_key_models',
            'usage_logs', 'usage_summaries', 'audit_logs')
        ORDER BY relname
      ) AS foreign_tables`);
  const facts = rows[0];
  if (!facts) throw new Error('preflight query gave no row');
  return [
    verdict(
      'version',
      facts.version_number >= oldestVersion,
      `PostgreSQL ${facts.version}`,
      `This server is PostgreSQL ${facts.version}; the schema needs 15 or newer.`,
      'Use a server of version 15 to 18.',
    ),
    verdict(
      'encoding',
      facts.encoding === 'UTF8',
      'Text is stored as UTF-8',
      `This database stores text as ${facts.encoding}, in which not every name can be stored.`,
      `CREATE DATABASE litemaas ENCODING 'UTF8' TEMPLATE template0;`,
    ),
    verdict(
      'database_privilege',
      facts.may_create_schemas,
      `${facts.user} may create schemas`,
      `${facts.user} may not create schemas in database ${facts.database}.`,
      `GRANT CREATE ON DATABASE ${facts.database} TO ${facts.user};`,
    ),
    verdict(
      'schema_privilege',
      facts.may_create_tables,
      `${facts.user} may create tables in public`,
      facts.has_public
        ? `${facts.user} may not create tables in schema public (PostgreSQL 15 and newer grant it to the owner only).`
        : 'This database has no schema public.',
      facts.has_public
        ? `GRANT USAGE, CREATE ON SCHEMA public TO ${facts.user};`
        : `CREATE SCHEMA public AUTHORIZATION ${facts.user};`,
    ),
    verdict(
      'foreign_tables',
      facts.has_ledger || facts.foreign_tables.length === 0,
      'No tables of another program are in the way',
      `This database already has tables that this console did not make: ${facts.foreign_tables.join(', ')}.`,
      'Nothing was changed. Create an empty database for the console, or open this one without migrating it.',
    ),
  ];
}

function verdict(
  check: PreflightCheck['check'],
  ok: boolean,
  met: string,
  notMet: string,
  hint: string,
): PreflightCheck {
  return { check, ok, message: ok ? met : notMet, hint: ok ? null : hint };
}
