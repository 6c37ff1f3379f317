import { isAbsolute } from 'node:path';
import { channelBindings, type ConnectionFields, tlsModes } from '../../../shared/contract/workspace';

/**
 * libpq's keywords as the form's fields, as far as they are given and mean something here. What is not understood (a
 * list of hosts, `sslmode=prefer`) is left for the person to decide.
 */
export function fieldsOfKeywords(keyword: (name: string) => string | undefined): Partial<ConnectionFields> {
  const given = (name: string): string | undefined => {
    const value = keyword(name);
    return value === undefined || value === '' ? undefined : value;
  };
  const host = given('host');
  const port = Number(given('port'));
  const database = given('dbname');
  const user = given('user');
  const tlsMode = tlsModes.find((mode) => mode === given('sslmode'));
  const channelBinding = channelBindings.find((binding) => binding === given('channel_binding'));
  const files = {
    caFile: given('sslrootcert'),
    clientCertificateFile: given('sslcert'),
    clientKeyFile: given('sslkey'),
  };
  return {
    ...(host === undefined || host.includes(',') ? {} : placeOf(host)),
    ...(Number.isInteger(port) && port >= 1 && port <= 65_535 ? { port } : {}),
    ...(database !== undefined && database.length <= 63 ? { database } : {}),
    ...(user !== undefined && user.length <= 63 ? { user } : {}),
    ...(tlsMode === undefined ? {} : { tlsMode }),
    ...(channelBinding === undefined ? {} : { channelBinding }),
    ...Object.fromEntries(
      Object.entries(files).filter(
        ([, path]) => path !== undefined && isAbsolute(path) && path.length <= 1000,
      ),
    ),
  };
}

/** A folder is a socket's; anything else is a host. */
export function placeOf(host: string): Pick<ConnectionFields, 'host' | 'socketFolder'> {
  return host.startsWith('/') ? { host: null, socketFolder: host } : { host, socketFolder: null };
}
