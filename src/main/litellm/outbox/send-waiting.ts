import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { AppError } from '../../../shared/errors';
import { redact } from '../../../shared/redact';
import { say } from '../../kernel/say';
import type { SendNews } from '../../changes/send-news';
import type { Connection } from '../../postgres/database';
import { from, table } from '../../postgres/relations';
import type { OpenWorkspace } from '../../workspace/open-workspace';
import type { ClientOptions, LitellmClient } from '../client/client';
import { hasOpenIntents, settleIntents } from '../keys/make-key';
import { type KeptObject, pushKey, type PushResult, unread } from '../keys/push-key';
import { openLinkedClient } from '../link/linked-client';
import { readLink } from '../link/proxy-link';
import { columnName } from '../mapping/column-name';
import { keepGone, keepRead } from '../pull/store/remote-objects';
import {
  type ClaimedObject,
  claimNext,
  countOpen,
  countSent,
  isHeld,
  noteProblem,
  type SendScope,
  settle,
} from './outbox-rows';

/** What LiteLLM waits to hear is told to several of its objects at a time, to each by one call after the other. */
const lanes = 4;
/** Whoever changed something waits no longer for LiteLLM to hear of it. */
const mostMs = 10_000;
/** So long apart it is looked whether somebody else still sends a key. */
const heldRestMs = 250;
/** A person waits: one more try after a first failure, no more. */
const tries = 2;

/** How what was to be sent stands afterwards, in objects. */
export interface SendResult {
  readonly sent: number;
  readonly waiting: number;
  readonly refused: number;
  /** Why the first of them is not sent; null where everything is. */
  readonly problem: string | null;
}

interface SendWork {
  readonly workspace: OpenWorkspace;
  readonly signal: AbortSignal;
  readonly clientOptions: ClientOptions;
  /** Told how many objects were tried. */
  readonly onTried?: (tried: number) => void;
}

/**
 * Tells LiteLLM what waits in the outbox about keys, what takes access away first. Stops where LiteLLM does not answer:
 * the rest goes on waiting. No transaction is open while LiteLLM is asked.
 * @throws AppError as the database refuses it; never because of LiteLLM.
 */
export async function sendWaiting(which: Omit<SendScope, 'proxyId'>, work: SendWork): Promise<SendResult> {
  const { workspace, signal, clientOptions } = work;
  const { database } = workspace;
  const link = await database.read(signal, readLink);
  const nothing = { sent: 0, waiting: 0, refused: 0, problem: null };
  if (link === null || database.readOnly) return nothing;
  const scope = { ...which, proxyId: link.baseUrl };
  const { hasNews, hasIntents } = await database.read(signal, async (connection) => ({
    hasNews: (await countOpen(connection, scope)).size > 0,
    hasIntents: which.batchId === null && (await hasOpenIntents(connection, link.baseUrl)),
  }));
  if (!hasNews && !hasIntents) return nothing;
  let client: LitellmClient;
  try {
    ({ client } = await openLinkedClient(workspace, link, { ...clientOptions, tries }));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const problem = redact(error.message);
    await database.write(signal, (connection) => noteProblem(connection, scope, problem));
    return { ...counted(await readOpen(work, scope)), sent: 0, problem };
  }
  const owner = randomUUID();
  const tried: ClaimedObject[] = [];
  let sent = 0;
  let problem: string | null = null;
  let isAway = false;
  const lane = async (): Promise<void> => {
    while (!isAway && !signal.aborted) {
      const claimed = await claimNext(database, scope, owner, tried, signal);
      if (claimed === null) return;
      tried.push(claimed);
      const result = await push(work, client, scope.proxyId, claimed);
      await remember(workspace, scope.proxyId, owner, claimed, result);
      if (result.state === 'done') sent += 1;
      else problem ??= result.problem;
      if (result.state === 'waiting' && result.isAway) isAway = true;
      work.onTried?.(tried.length);
    }
  };
  try {
    if (hasIntents) {
      await settleIntents({ client, database, proxyId: scope.proxyId, signal }).catch((error: unknown) => {
        // They wait for the next look.
        if (!(error instanceof AppError)) throw error;
      });
    }
    // The others end before the client does, also where one could not go on.
    const ended = await Promise.allSettled(Array.from({ length: lanes }, lane));
    const failed = ended.find((each) => each.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    if (isAway && problem !== null) {
      const why = problem;
      await database.write(database.closing, (connection) => noteProblem(connection, scope, why));
    }
  } catch (error) {
    // Whoever stopped it learns how far it came.
    if (!signal.aborted) throw error;
  } finally {
    client.close();
    if (tried.length > 0 || problem !== null) workspace.dataChanged();
  }
  return { ...counted(await readOpen(work, scope)), sent, problem };
}

function readOpen({ workspace: { database } }: SendWork, scope: SendScope) {
  return database.read(database.closing, (connection) => countOpen(connection, scope));
}

function counted(open: ReadonlyMap<string, number>): Pick<SendResult, 'waiting' | 'refused'> {
  const refused = (open.get('refused') ?? 0) + (open.get('conflict') ?? 0);
  const all = [...open.values()].reduce((sum, count) => sum + count, 0);
  return { waiting: all - refused, refused };
}

async function push(
  { workspace: { database }, signal }: SendWork,
  client: LitellmClient,
  proxyId: string,
  { recordId: id, fields, taken }: ClaimedObject,
): Promise<PushResult> {
  const news = { id, columns: asColumns(fields), taken: asColumns(taken) };
  try {
    return await pushKey({ client, database, proxyId, signal }, news);
  } catch (error) {
    if (error instanceof AppError) return unread(error);
    // A fault of ours with one key is no reason to leave the others.
    const problem = say('litellm.push.fault', { said: redact(String(error)) });
    return { state: 'refused', problem, left: [...news.columns], object: null };
  }
}

const asColumns = (fields: ReadonlySet<string>): Set<string> => new Set([...fields].map(columnName));

/** What became of an object, and what is known of it now, in one transaction: also where its call was cancelled. */
async function remember(
  { database }: OpenWorkspace,
  proxyId: string,
  owner: string,
  claimed: ClaimedObject,
  result: PushResult,
): Promise<void> {
  await database.write(database.closing, async (connection) => {
    if (result.object !== null) await keepObject(connection, proxyId, claimed.recordId, result.object);
    await settle(connection, claimed, owner, settlementOf(claimed, result));
    if (result.state === 'done') await markSynced(connection, proxyId, claimed.recordId);
  });
}

function settlementOf({ fields }: ClaimedObject, result: PushResult) {
  if (result.state === 'done') return { state: result.state, problem: null };
  const { state, problem } = result;
  if (!('left' in result)) return { state, problem };
  const left = [...fields].filter((field) => result.left.includes(columnName(field)));
  // What is left may stand for all of it: a key that is to go and is still there.
  const isTaken = left.filter((field) => result.isTaken?.includes(columnName(field)));
  return { state, problem, left: left.length > 0 ? left : [...fields], isTaken };
}

async function keepObject(
  connection: Connection,
  proxyId: string,
  localId: string,
  { hash, known }: KeptObject,
): Promise<void> {
  if (known === null) await keepGone(connection, proxyId, 'key', hash);
  else await keepRead(connection, proxyId, 'key', { remoteId: hash, localId, ...known });
}

/** Said only after LiteLLM was read back, and where nothing that came meanwhile waits. */
async function markSynced({ run }: Connection, proxyId: string, id: string): Promise<void> {
  await run(sql`
    UPDATE ${table('api_keys')} SET sync_status = 'synced', last_sync_at = CURRENT_TIMESTAMP
    WHERE id = ${id}::uuid AND NOT EXISTS (
      SELECT FROM ${from('outbox', 'o')} WHERE o.proxy_id = ${proxyId} AND o.record_kind = 'api_key'
        AND o.record_id = ${id} AND o.state <> 'done')`);
}

async function isSentElsewhere(
  { database }: OpenWorkspace,
  which: Omit<SendScope, 'proxyId'>,
  signal: AbortSignal,
): Promise<boolean> {
  if (signal.aborted) return false;
  const link = await database.read(signal, readLink);
  if (link === null) return false;
  return database.read(signal, (connection) => isHeld(connection, { ...which, proxyId: link.baseUrl }));
}

/** Sends what a change left waiting about keys, before whoever made it is answered. */
export function createSendNews(clientOptions: ClientOptions): SendNews {
  return async (batchId, { workspace, signal, report }) => {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(mostMs)]);
    report({ title: say('litellm.push.title') });
    try {
      const which = { batchId, keyId: null, again: false };
      await sendWaiting(which, { workspace, signal: limited, clientOptions });
      // What is being sent as it was before goes again, as it is now.
      while (await isSentElsewhere(workspace, which, limited)) {
        await sleep(heldRestMs);
        await sendWaiting(which, { workspace, signal: limited, clientOptions });
      }
    } catch {
      // The change stands; what was not told goes on waiting, and screens say so.
    }
    return workspace.database.read(signal, (connection) => countSent(connection, batchId)).catch(() => 0);
  };
}

/** Tells LiteLLM what still waited when a workspace is opened. Ends with the workspace. */
export async function sendOnOpening(workspace: OpenWorkspace, clientOptions: ClientOptions): Promise<void> {
  const { closing, readOnly } = workspace.database;
  if (readOnly) return;
  await sendWaiting(
    { batchId: null, keyId: null, again: false },
    { workspace, signal: closing, clientOptions },
  );
}
