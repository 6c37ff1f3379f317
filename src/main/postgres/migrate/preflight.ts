import type pg from 'pg';
import type { ErrorCode } from '../../../shared/errors';
import { identifyDatabase } from '../passport';
import { say } from '../../kernel/say';
import { visibleIdentifier } from '../visible-identifier';
import { findOthersCreating, type OtherCreator } from './others-creating';
import { findPlantedObjects, type PlantedObjects } from './planted-objects';

/** One condition the database must meet before anything is migrated. */
export interface PreflightCheck {
  readonly check:
    | 'version'
    | 'encoding'
    | 'database_privilege'
    | 'schema_privilege'
    | 'foreign_tables'
    | 'planted_objects'
    | 'others_creating';
  readonly ok: boolean;
  readonly message: string;
  /** What to run or do where it is not met. */
  readonly hint: string | null;
  /** The person may go on although it is not met, knowing what it says. */
  readonly acceptable: boolean;
}

/** The error a failed check ends a migration with. */
export const preflightErrorCodes: Record<PreflightCheck['check'], ErrorCode> = {
  version: 'db_version',
  encoding: 'db_server',
  database_privilege: 'db_permission',
  schema_privilege: 'db_permission',
  foreign_tables: 'conflict',
  planted_objects: 'conflict',
  others_creating: 'conflict',
};

const oldestVersion = 150_000;
/** Of a function the name with the types of its arguments; a hundred of them would fill the screen. */
const longestObjectName = 160;

interface Facts {
  version: string;
  version_number: number;
  encoding: string;
  user: string;
  database: string;
  may_create_schemas: boolean;
  may_create_tables: boolean;
  has_public: boolean;
}

/**
 * Asks the server what migrating needs: PostgreSQL 15, UTF-8, the right to create schemas in the database and tables
 * in `public`, a database that is empty or one of this console's own, in which nothing of anybody else's waits, and
 * nobody else who may create there. Changes nothing.
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
      to_regnamespace('public') IS NOT NULL AS has_public`);
  const facts = rows[0];
  if (!facts) throw new Error('preflight query gave no row');
  const { kind, statement } = await identifyDatabase(client);
  const isOurs = kind === 'console';
  return [
    verdict(
      'version',
      facts.version_number >= oldestVersion,
      say('migrations.preflight.version', { version: facts.version }),
      say('migrations.preflight.tooOld', { version: facts.version }),
      say('migrations.preflight.tooOldHint'),
    ),
    verdict(
      'encoding',
      facts.encoding === 'UTF8',
      say('migrations.preflight.utf8'),
      say('migrations.preflight.otherEncoding', { encoding: facts.encoding }),
      `CREATE DATABASE litemaas ENCODING 'UTF8' TEMPLATE template0;`,
    ),
    verdict(
      'database_privilege',
      facts.may_create_schemas,
      say('migrations.preflight.mayCreateSchemas', { user: facts.user }),
      say('migrations.preflight.noSchemas', { user: facts.user, database: facts.database }),
      `GRANT CREATE ON DATABASE ${facts.database} TO ${facts.user};`,
    ),
    verdict(
      'schema_privilege',
      facts.may_create_tables,
      say('migrations.preflight.mayCreateTables', { user: facts.user }),
      facts.has_public
        ? say('migrations.preflight.noTables', { user: facts.user })
        : say('migrations.preflight.noPublic'),
      facts.has_public
        ? `GRANT USAGE, CREATE ON SCHEMA public TO ${facts.user};`
        : `CREATE SCHEMA public AUTHORIZATION ${facts.user};`,
    ),
    verdict(
      'foreign_tables',
      kind === 'empty' || kind === 'console',
      say('migrations.preflight.noForeignTables'),
      statement,
      say('migrations.preflight.foreignTablesHint'),
    ),
    ...(isOurs || kind === 'empty'
      ? [
          plantedVerdict(await findPlantedObjects(client, isOurs)),
          othersVerdict(await findOthersCreating(client)),
        ]
      : []),
  ];
}

function plantedVerdict({ found, count }: PlantedObjects): PreflightCheck {
  const names = found.map(({ kind, name }) => `${kind} ${visibleIdentifier(name, longestObjectName)}`);
  const more = count - found.length;
  const list = [...names, ...(more > 0 ? [say('migrations.preflight.more', { count: more })] : [])].join(
    '; ',
  );
  return verdict(
    'planted_objects',
    count === 0,
    say('migrations.preflight.nothingPlanted'),
    say('migrations.preflight.planted', { count, list }),
    say('migrations.preflight.plantedHint'),
  );
}

function othersVerdict(others: readonly OtherCreator[]): PreflightCheck {
  const list = others.map(({ role, schema }) =>
    say('migrations.preflight.creator', {
      role: role === null ? 'PUBLIC' : `“${visibleIdentifier(role)}”`,
      schema: visibleIdentifier(schema),
    }),
  );
  const met = verdict(
    'others_creating',
    others.length === 0,
    say('migrations.preflight.nobodyElseCreates'),
    say('migrations.preflight.othersCreate', { list: list.join('; ') }),
    say('migrations.preflight.othersCreateHint', {
      statements: others.map(({ remedy }) => remedy).join(' '),
    }),
  );
  return { ...met, acceptable: true };
}

function verdict(
  check: PreflightCheck['check'],
  ok: boolean,
  met: string,
  notMet: string,
  hint: string,
): PreflightCheck {
  return { check, ok, message: ok ? met : notMet, hint: ok ? null : hint, acceptable: false };
}
