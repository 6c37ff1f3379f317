import type pg from 'pg';
import type { ConnectionFields } from '../../../shared/contract/workspace';
import { AppError } from '../../../shared/errors';
import { refuseSuperuser, type SuperuserRisk } from '../../postgres/superuser';
import { giveUp, withinTime } from '../../postgres/silent-connection';
import {
  beginSession,
  connectTimeoutMs,
  type SessionFacts,
  sessionConfig,
} from '../../postgres/session-settings';
import { toDatabaseError } from '../../postgres/errors';
import { CheckedClient, streamOf, type WireConfig } from '../../postgres/wire';
import { say } from '../../kernel/say';
import { tlsOptions } from '../tls-options';
import { explainConnectFailure } from './connect-failure';
import { type Listener, whatListens } from './what-listens';
import { throwIfCancelled } from '../../kernel/cancelled';

const oldestVersionNumber = 120_000;
const statementTimeoutMs = 15_000;
const silentAfterMs = 2_000;
const goodbyeMs = 1_000;

/** How a server is signed in to. */
export interface ServerAccess {
  readonly connection: ConnectionFields;
  readonly password: string | undefined;
  /** Why a stored password could not be used, in words; NULL where there is nothing to say. */
  readonly passwordProblem: string | null;
}

/** pg's settings for a server; reads the certificate files. Throws `validation` as `tlsOptions` does. */
export async function serverConfig({ connection, password }: ServerAccess): Promise<WireConfig> {
  const { host, socketFolder, port, user, database, channelBinding, weakSignInAllowed } = connection;
  return {
    host: socketFolder ?? host ?? 'localhost',
    port,
    user,
    database,
    ssl: await tlsOptions(connection),
    ...(password === undefined ? {} : { password }),
    signIn: { accepts: weakSignInAllowed ? 'anything' : 'scram-unless-verified', channelBinding },
  };
}

interface Circumstances {
  readonly signal: AbortSignal;
  readonly readOnly?: boolean;
  /** The person chose to be a superuser there. Absent: they did not. */
  readonly acceptSuperuser?: boolean;
}

/** What the session is, and what its role risks there. */
export interface Surveyed {
  readonly facts: SessionFacts;
  readonly superuserRisk: SuperuserRisk | null;
}

/**
 * Connects once, begins a read-only transaction, lets `look` ask, and leaves. `abort` ends it at any moment.
 * @throws AppError with `details.reason` for everything that can be in the way, `db_version` for a server older than
 *   12, `db_server` where a pooler loses the session's settings, `db_superuser` for a superuser where others have a hand
 *   in and nobody chose that, `cancelled`.
 */
export async function connectOnce<T>(
  access: ServerAccess,
  { signal, readOnly = false, acceptSuperuser = false }: Circumstances,
  look: (client: pg.Client, surveyed: Surveyed) => Promise<T>,
): Promise<T> {
  const client = new CheckedClient(sessionConfig(await serverConfig(access), { readOnly }));
  const stream = streamOf(client);
  client.on('error', () => undefined);
  const onAbort = (): void => giveUp(client);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    throwIfCancelled(signal);
    const doubt = askWhoIsSilent(client, access.connection, signal, () => stream.reached);
    await withinTime(client, client.connect(), connectTimeoutMs).catch(async (error: unknown) => {
      doubt.stop();
      const { connection, password, passwordProblem } = access;
      const hasPassword = (password ?? '') !== '';
      const listener = doubt.listener();
      throw await explainConnectFailure(
        error,
        { connection, hasPassword, passwordProblem, reachedServer: stream.reached, listener },
        signal,
      );
    });
    doubt.stop();
    return await lookAround(client, { readOnly, acceptSuperuser }, look);
  } catch (error) {
    throw toDatabaseError(error, signal);
  } finally {
    signal.removeEventListener('abort', onAbort);
    // The role may have one connection only, which the next one needs; a silent server would never say goodbye.
    await withinTime(client, client.end(), goodbyeMs).catch(() => undefined);
  }
}

/**
 * PostgreSQL answers at once. Where something is reached and says nothing for a while, it is asked what it is; if that
 * is another program, the connection is given up without waiting any longer. Where nothing answers that either, it is
 * kept and need not be asked again when the time is over.
 */
function askWhoIsSilent(
  client: pg.Client,
  { host, port, socketFolder }: ConnectionFields,
  signal: AbortSignal,
  isReached: () => boolean,
): { listener(): Listener | null; stop(): void } {
  let listener: Listener | null = null;
  let isOver = socketFolder !== null;
  const timer = setTimeout(() => {
    if (isOver || !isReached()) return;
    void whatListens({ host: host ?? 'localhost', port }, signal).then((found) => {
      if (isOver || ['postgres', 'closing', 'unreachable'].includes(found)) return;
      listener = found;
      if (found !== 'silent') giveUp(client);
    });
  }, silentAfterMs);
  return {
    listener: () => listener,
    stop() {
      isOver = true;
      clearTimeout(timer);
    },
  };
}

async function lookAround<T>(
  client: pg.Client,
  { readOnly, acceptSuperuser }: Required<Omit<Circumstances, 'signal'>>,
  look: (client: pg.Client, surveyed: Surveyed) => Promise<T>,
): Promise<T> {
  const facts = await beginSession(client, 'BEGIN READ ONLY', { statementTimeoutMs, readOnly });
  if (facts.server_version_number < oldestVersionNumber) throw tooOld(facts.server_version_number);
  const asked = refuseSuperuser(client, acceptSuperuser);
  const superuserRisk = await withinTime(client, asked, statementTimeoutMs);
  const found = await withinTime(client, look(client, { facts, superuserRisk }), statementTimeoutMs);
  await withinTime(client, client.query('COMMIT'), connectTimeoutMs);
  return found;
}

function tooOld(versionNumber: number): AppError {
  const major = Math.floor(versionNumber / 10_000);
  const version =
    major >= 10 ? String(major) : `${String(major)}.${String(Math.floor(versionNumber / 100) % 100)}`;
  return new AppError('db_version', say('connection.tooOld', { version }), {
    hint: say('connection.tooOldHint'),
    details: { reason: 'too_old' },
  });
}
