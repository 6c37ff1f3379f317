import type { ConnectionFields } from '../../../shared/contract/workspace';
import { parseConnectionUri } from '../connection-uri';
import { databaseTarget } from '../database-target';
import { knownPassword } from '../libpq/known-password';
import type { Surroundings } from '../libpq/surroundings';
import type { SecretStore } from '../secrets';
import type { ServerAccess } from './connect-once';

export interface GivenPassword {
  /** What the person typed. */
  readonly password?: string | undefined;
  /** The pasted URI, whose password is meant. */
  readonly uri?: string | undefined;
  /** The workspace whose stored password is meant. */
  readonly profileId?: string | undefined;
}

/**
 * The password that a person typed or pasted for this connection. That of a URI counts only for the host, port and
 * user it stood beside.
 */
export function typedPassword(
  connection: ConnectionFields,
  { password, uri }: GivenPassword,
): string | undefined {
  if (password !== undefined && password !== '') return password;
  if (uri === undefined) return undefined;
  const pasted = parseConnectionUri(uri);
  const isSamePlace =
    pasted.target.host === connection.host &&
    pasted.target.socketFolder === connection.socketFolder &&
    pasted.target.port === connection.port &&
    pasted.target.user === connection.user;
  return isSamePlace ? (pasted.password ?? undefined) : undefined;
}

/**
 * How to sign in to a connection: with what was typed, else what is stored for exactly this target, else what libpq
 * would use (PGPASSWORD, the password file), else without a password. Never fails: a stored password that cannot be
 * used is told in `passwordProblem` and matters only if the server asks for one.
 */
export async function findPassword(
  connection: ConnectionFields,
  given: GivenPassword,
  { secrets, surroundings }: { readonly secrets: SecretStore; readonly surroundings: Surroundings },
): Promise<ServerAccess> {
  const typed = typedPassword(connection, given);
  if (typed !== undefined) return { connection, password: typed, passwordProblem: null };
  const stored =
    given.profileId === undefined
      ? ({ state: 'absent' } as const)
      : await secrets.get({ profileId: given.profileId, target: databaseTarget(connection) });
  if (stored.state === 'found') return { connection, password: stored.value, passwordProblem: null };
  return {
    connection,
    password: await knownPassword(connection, surroundings),
    passwordProblem: stored.state === 'absent' ? null : stored.message,
  };
}
