import type { ConnectionFields } from '../../../shared/contract/workspace';
import { fieldsOfKeywords } from './libpq-fields';
import { findEntry, readPassfile } from './passfile';
import type { Surroundings } from './surroundings';

/** The fields that PGHOST and its like give; NULL where none of them is set. */
export function environmentFields({ environment }: Surroundings): Partial<ConnectionFields> | null {
  const names: Readonly<Record<string, string>> = {
    host: 'PGHOST',
    port: 'PGPORT',
    user: 'PGUSER',
    dbname: 'PGDATABASE',
    sslmode: 'PGSSLMODE',
    sslrootcert: 'PGSSLROOTCERT',
    sslcert: 'PGSSLCERT',
    sslkey: 'PGSSLKEY',
    channel_binding: 'PGCHANNELBINDING',
  };
  const fields = fieldsOfKeywords((keyword) => environment[names[keyword] ?? '']);
  return Object.keys(fields).length === 0 ? null : fields;
}

/**
 * The password that libpq would use for exactly this server: PGPASSWORD if the environment names this host, port and
 * user, else the password file's. PGPASSWORD is given to no other server than the environment's own.
 */
export async function knownPassword(
  connection: ConnectionFields,
  surroundings: Surroundings,
): Promise<string | undefined> {
  const fromEnvironment = surroundings.environment['PGPASSWORD'];
  if (fromEnvironment !== undefined && fromEnvironment !== '' && isOfEnvironment(connection, surroundings)) {
    return fromEnvironment;
  }
  const { entries } = await readPassfile(surroundings);
  const host = connection.socketFolder ?? connection.host ?? 'localhost';
  return findEntry(entries, { ...connection, host })?.password;
}

function isOfEnvironment(connection: ConnectionFields, surroundings: Surroundings): boolean {
  const named = environmentFields(surroundings);
  if (named?.host === undefined && named?.socketFolder === undefined) return false;
  const { host = null, socketFolder = null, port = 5432, user = surroundings.userName } = named;
  return (
    connection.host === host &&
    connection.socketFolder === socketFolder &&
    connection.port === port &&
    connection.user === user
  );
}
