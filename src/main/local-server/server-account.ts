import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AppError } from '../../shared/errors';
import { say } from '../kernel/say';

const execFileAsync = promisify(execFile);
const usualAccount = 'postgres';
const lookupTimeoutMs = 10_000;

/** The unprivileged OS account that PostgreSQL runs as when the console runs as root. */
export interface ServerAccount {
  readonly name: string;
  readonly userId: number;
  readonly groupId: number;
}

/**
 * PostgreSQL refuses to run as root, so root lends it an account that already exists: the one LITEMAAS_PG_USER
 * names, else `postgres`. Never creates an account. Null for everybody but root: the server runs as the person.
 * Throws `local_server` when there is no such account or it is root again.
 */
export async function findServerAccount(context: {
  readonly userId: number | undefined;
  readonly chosenName: string | undefined;
}): Promise<ServerAccount | null> {
  if (context.userId !== 0) return null;
  const chosen = context.chosenName === '' ? undefined : context.chosenName;
  const account = await lookUp(chosen ?? usualAccount);
  if (account === null) {
    throw new AppError(
      'local_server',
      chosen === undefined
        ? say('localServer.noAccount')
        : say('localServer.noChosenAccount', { account: chosen }),
      {
        hint: say('localServer.noAccountHint'),
      },
    );
  }
  if (account.userId === 0) {
    throw new AppError('local_server', say('localServer.rootAccount', { account: account.name }), {
      hint: say('localServer.rootAccountHint'),
    });
  }
  return account;
}

async function lookUp(name: string): Promise<ServerAccount | null> {
  // A name that looks like an option would be read as one.
  if (!/^[A-Za-z_][A-Za-z0-9_.-]*\$?$/.test(name)) return null;
  const ask = async (option: string): Promise<number | null> => {
    const found = await execFileAsync('id', [option, name], { timeout: lookupTimeoutMs }).catch(() => null);
    const id = Number(found?.stdout.trim());
    return found === null || !Number.isSafeInteger(id) ? null : id;
  };
  const [userId, groupId] = await Promise.all([ask('-u'), ask('-g')]);
  return userId === null || groupId === null ? null : { name, userId, groupId };
}

/**
 * The account that an existing cluster belongs to, which is the only one PostgreSQL will open it as; null when
 * there is no whole cluster or the console is not root. Throws `local_server` when it belongs to root.
 */
export async function findClusterAccount(
  cluster: string,
  userId: number | undefined,
): Promise<ServerAccount | null> {
  if (userId !== 0) return null;
  const found = await stat(join(cluster, 'PG_VERSION')).catch(() => null);
  if (found === null) return null;
  if (found.uid === 0) {
    throw new AppError('local_server', say('localServer.ofRoot', { cluster }), {
      hint: say('localServer.ofRootHint'),
    });
  }
  const name = await execFileAsync('id', ['-un', String(found.uid)], { timeout: lookupTimeoutMs }).catch(
    () => null,
  );
  return { name: name?.stdout.trim() ?? String(found.uid), userId: found.uid, groupId: found.gid };
}
