import type pg from 'pg';
import { AppError } from '../../shared/errors';
import { say } from '../kernel/say';
import { findRunningServer, type PostmasterFile } from './postmaster';

/** The lock file is written a moment before the server notes its own start; a busy machine makes that longer. */
const startToleranceSeconds = 120;

/**
 * The lock file of the server that runs on this folder, once its process is found and it listens on this port. Asked
 * before anything is said to whoever listens there. Throws `local_server` when it is not so.
 */
export async function requireServerOf(cluster: string, port: number): Promise<PostmasterFile> {
  const running = await findRunningServer(cluster);
  if (running === null || running.port !== port) throw otherServer();
  return running;
}

/**
 * Looks whether a session is one of that server's. SCRAM has proved that the server knows the password; a copy of the
 * folder knows it too, and is another server. Throws `local_server`.
 */
export async function requirePostmaster(client: pg.ClientBase, postmaster: PostmasterFile): Promise<void> {
  const { rows } = await client.query<{ started: number }>(
    `SELECT pg_catalog.date_part('epoch', pg_catalog.pg_postmaster_start_time())::pg_catalog.float8 AS started`,
  );
  const difference = Math.abs(Number(rows[0]?.started) - postmaster.startedAtEpochSeconds);
  if (!(difference <= startToleranceSeconds)) throw otherServer();
}

function otherServer(): AppError {
  return new AppError('local_server', say('connection.signIn.notOurServer'), {
    hint: say('connection.signIn.notOurServerHint'),
    details: { reason: 'not_the_local_server' },
  });
}
