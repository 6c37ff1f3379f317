import { AppError } from '../../shared/errors';
import { redact } from '../../shared/redact';
import type { ServerBinaries } from './binaries';
import { newCredentials, superuserName, writeCredentials, type Credentials } from './credentials';
import type { ClusterLayout } from './layout';
import { readPostmasterFile } from './postmaster';
import { runProgram } from './run-program';
import type { ServerAccount } from './server-account';
import { say } from '../kernel/say';

/** Single-user mode replays the write-ahead log after a crash, as a start does. */
const timeoutMs = 600_000;

/**
 * Gives a stopped cluster new passwords when its credentials file is lost or damaged: nobody who can read the
 * folder is ever locked out of it. PostgreSQL's single-user mode asks for no password; the owner's role gets its
 * new one at the first connection. Throws `local_server` or `cancelled`.
 */
export async function resetPasswords(options: {
  readonly layout: ClusterLayout;
  readonly binaries: ServerBinaries;
  readonly account: ServerAccount | null;
  readonly signal: AbortSignal | undefined;
}): Promise<Credentials> {
  const { layout } = options;
  const credentials = newCredentials();
  const stale = await readPostmasterFile(layout.cluster);
  const { exitCode, output } = await runProgram(
    options.binaries.postgres,
    ['--single', '-D', layout.cluster, 'postgres'],
    {
      account: options.account,
      timeoutMs,
      signal: options.signal,
      folder: layout.cluster,
      input: `alter role "${superuserName}" password '${credentials.superuserPassword}'\n`,
      // As in start-server: a left-over lock file whose pid is another program's now must not stand in the way.
      environment: stale === null ? {} : { PG_GRANDPARENT_PID: String(stale.processId) },
    },
  );
  if (exitCode !== 0 || /\b(ERROR|FATAL|PANIC):/.test(output)) {
    const reason = redact(output.replaceAll(credentials.superuserPassword, '…')).trim().slice(-300);
    throw new AppError('local_server', say('localServer.cannotReset', { reason }), {
      details: { exitCode: String(exitCode) },
    });
  }
  await writeCredentials(layout.credentials, credentials);
  return credentials;
}
