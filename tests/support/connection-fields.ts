import type { ConnectionFields } from '../../src/shared/contract/workspace';
import type { TestDatabase } from './postgres';

/** A test database as a person would fill it into the connection form. */
export function connectionTo(
  { config }: Pick<TestDatabase, 'config'>,
  changes: Partial<ConnectionFields> = {},
): ConnectionFields {
  return {
    host: config.host ?? 'localhost',
    port: config.port ?? 5432,
    socketFolder: null,
    database: config.database ?? '',
    user: config.user ?? '',
    tlsMode: 'disable',
    caFile: null,
    clientCertificateFile: null,
    clientKeyFile: null,
    channelBinding: 'prefer',
    weakSignInAllowed: false,
    ...changes,
  };
}
