import type pg from 'pg';
import { AppError } from '../../shared/errors';
import { say } from '../kernel/say';
import {
  askSession,
  checkSettings,
  isBehindPooler,
  type SessionFacts,
  setForSession,
} from './session-settings';
import { withinTime } from './silent-connection';
import { CheckedClient } from './wire';

const spareTimeoutMs = 5_000;

/**
 * Looks whether a new connection has what work outside the pool relies on: the console's settings, and a session that
 * stays its own. Behind a pooler in transaction mode a lock or a setting of the session would soon be somebody else's;
 * one in session mode that dropped the start-up options is given the settings for as long as it is ours.
 * @param config what `client` was connected with, made by `sessionConfig`.
 * @throws AppError `db_server` with `details.reason` `settings_lost` or `session_shared`.
 */
export async function checkOwnSession(client: pg.ClientBase, config: pg.ClientConfig): Promise<SessionFacts> {
  const facts = await askSession(client);
  if (isBehindPooler(client, facts) && (await isShared(client, facts.process_id, config))) {
    throw sessionShared();
  }
  if (facts.settings_are_local) await setForSession(client);
  return checkSettings(client);
}

/** The refusal to go on where a pooler gives a connection's session to others. */
export function sessionShared(): AppError {
  return new AppError('db_server', say('connection.sessionShared'), {
    hint: say('connection.sessionSharedHint'),
    details: { reason: 'session_shared' },
  });
}

/**
 * Whether a pooler gives the session away while its client is still connected. One that takes the connection it used
 * last gives the same one to a second client; one that takes each in turn gives the second client two.
 */
async function isShared(client: pg.ClientBase, processId: number, config: pg.ClientConfig): Promise<boolean> {
  const others = await processIdsOfAnother(config);
  return (
    others.some((other) => other === processId || other !== others[0]) ||
    (await processIdOf(client)) !== processId
  );
}

/** Which sessions two statements of another connection run in; none where there is no other to be had. */
async function processIdsOfAnother(config: pg.ClientConfig): Promise<readonly number[]> {
  const spare = new CheckedClient({ ...config, connectionTimeoutMillis: spareTimeoutMs });
  spare.on('error', () => undefined);
  try {
    await spare.connect();
    return [await processIdOf(spare), await processIdOf(spare)];
  } catch {
    // A pool in session mode has as many as it has: ours may have been the last.
    return [];
  } finally {
    void spare.end().catch(() => undefined);
  }
}

async function processIdOf(client: pg.ClientBase): Promise<number> {
  const answer = client.query<{ process_id: number }>('SELECT pg_catalog.pg_backend_pid() AS process_id');
  return Number((await withinTime(client, answer, spareTimeoutMs)).rows[0]?.process_id);
}
