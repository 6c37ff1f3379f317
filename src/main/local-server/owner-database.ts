import pg from 'pg';
import { AppError } from '../../shared/errors';
import { databaseName, ownerName, superuserName, type Credentials } from './credentials';
import { loopback } from './port';
import type { PostmasterFile } from './postmaster';
import { requirePostmaster, requireServerOf } from './same-server';
import { say } from '../kernel/say';
import { CheckedClient, type SignInRules } from '../postgres/wire';
import { checkSettings, sessionConfig } from '../postgres/session-settings';

const connectTimeoutMs = 10_000;
const statementTimeoutMs = 60_000;
const invalidPassword = '28P01';
const invalidDatabase = '3D000';

/** The local server alone knows its passwords' verifiers: whoever answers on its port has to prove that. */
export const localSignIn: SignInRules = { accepts: 'scram-always', channelBinding: 'disable' };

/** What the console opens the local database with. */
export interface LocalConnection {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
}

/**
 * Makes sure that the console's role and database exist and that the role can open the database; answers how.
 * The role is no superuser: it owns this one database and nothing else. What is already there stays as it is.
 * Throws `db_auth` when neither password of the cluster's credentials file is right any more, else `local_server`.
 * @param cluster the folder whose server has to be the one that answers; else `local_server`.
 */
export async function ensureOwnerDatabase(
  cluster: string,
  port: number,
  credentials: Credentials,
): Promise<LocalConnection> {
  const postmaster = await requireServerOf(cluster, port);
  const connection = {
    host: loopback,
    port,
    database: databaseName,
    user: ownerName,
    password: credentials.ownerPassword,
  };
  if ((await tryConnection(connection, postmaster)) === null) return connection;
  await asSuperuser(port, credentials, postmaster, async (client) => {
    const role = pg.escapeIdentifier(ownerName);
    const password = pg.escapeLiteral(credentials.ownerPassword);
    const roles = await client.query('select 1 from pg_roles where rolname = $1', [ownerName]);
    // A statement that fails is logged with its text: not this one, it holds a password.
    await client.query('set log_min_error_statement = panic');
    await client.query(
      `${roles.rowCount === 0 ? 'create' : 'alter'} role ${role} with login nosuperuser nocreatedb nocreaterole ` +
        `noreplication nobypassrls password ${password}`,
    );
    const databases = await client.query('select 1 from pg_database where datname = $1', [databaseName]);
    if (databases.rowCount === 0) {
      await client.query(
        `create database ${pg.escapeIdentifier(databaseName)} owner ${role} template template0`,
      );
    }
  });
  const problem = await tryConnection(connection, postmaster);
  if (problem !== null) {
    throw new AppError('local_server', say('localServer.cannotOpen', { reason: problem.message }), {
      cause: problem,
    });
  }
  return connection;
}

/** Null when the connection works, the error when role, password or database are not as expected. */
async function tryConnection(connection: LocalConnection, postmaster: PostmasterFile): Promise<Error | null> {
  const client = newClient(connection);
  try {
    await client.connect();
    await requirePostmaster(client, postmaster);
    return null;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (error instanceof Error && (code === invalidPassword || code === invalidDatabase)) return error;
    throw error instanceof AppError ? error : unreachable(connection.port, error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function asSuperuser(
  port: number,
  credentials: Credentials,
  postmaster: PostmasterFile,
  work: (client: pg.Client) => Promise<void>,
): Promise<void> {
  const client = newClient({
    host: loopback,
    port,
    database: 'postgres',
    user: superuserName,
    password: credentials.superuserPassword,
  });
  try {
    await client.connect();
    // The role's password is about to be said to it.
    await requirePostmaster(client, postmaster);
    await checkSettings(client);
    await work(client);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === invalidPassword) {
      throw new AppError('db_auth', say('localServer.wrongPasswords'), {
        hint: say('localServer.wrongPasswordsHint'),
        cause: error,
      });
    }
    throw error instanceof AppError ? error : unreachable(port, error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function newClient(connection: LocalConnection): pg.Client {
  const client = new CheckedClient({
    ...sessionConfig({ ...connection }),
    application_name: 'LiteMaaS Console (set-up)',
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: statementTimeoutMs,
    ssl: false,
    signIn: localSignIn,
  });
  // A server that ends while we are connected must not end the console.
  client.on('error', () => undefined);
  return client;
}

function unreachable(port: number, cause: unknown): AppError {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new AppError('local_server', say('localServer.noAnswer', { port: String(port), reason: message }), {
    hint: say('localServer.noAnswerHint'),
    cause,
  });
}
