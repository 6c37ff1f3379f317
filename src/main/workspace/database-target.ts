import type { ConnectionFields } from '../../shared/contract/workspace';
import type { Profile } from './profiles';
import type { SecretTarget } from './secrets';

/** What a profile says about where its database is. */
export function connectionOf(profile: Profile): ConnectionFields {
  const { host, port, socketFolder, database, user, tlsMode, caFile } = profile;
  const { clientCertificateFile, clientKeyFile, channelBinding, weakSignInAllowed } = profile;
  return {
    // A profile without either is of this machine.
    host: socketFolder === null ? (host ?? 'localhost') : null,
    port: port ?? 5432,
    socketFolder,
    database,
    user,
    tlsMode,
    caFile,
    clientCertificateFile,
    clientKeyFile,
    channelBinding,
    weakSignInAllowed,
  };
}

/** What the password of a connection is bound to. */
export function databaseTarget({
  host,
  socketFolder,
  port,
  user,
  database,
}: ConnectionFields): SecretTarget & { readonly kind: 'database' } {
  return { kind: 'database', host: socketFolder ?? host ?? 'localhost', port, user, database };
}
