import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import * as z from 'zod';
import { uuid } from '../../../shared/contract/values';
import { compareDecimals, isDecimal } from '../../../shared/decimal';
import { AppError } from '../../../shared/errors';
import { operatorName } from '../../changes/write-audit';
import { ExactNumber } from '../../kernel/exact-json';
import { say } from '../../kernel/say';
import type { Connection } from '../../postgres/database';
import { from, table } from '../../postgres/relations';
import type { WriteOutcome } from '../client/client';
import { canonicalJson, type Fields } from '../mapping/fields';
import { keepRead } from '../pull/store/remote-objects';
import { ensureOwner, isOwnerProblem, type OwnerContext, type RemoteOwner } from './ensure-owner';
import { readLocalKey } from './local-key';
import { keys } from './key-table';
import { agreedObject, durationUntil, namedColumns, secondsApart } from './push-key';
import {
  agrees,
  fieldsOf,
  isSoundDuration,
  modelListOf,
  readRemoteKey,
  type RemoteKey,
  remoteDuration,
} from './remote-key';

/** Of 32 random bytes: 43 characters after `sk-`. */
const valueBytes = 32;
/** A console that makes a key has given up long before. */
const leaseSeconds = 300;
/** So long before its lease is over a console gives up: whoever takes the key for abandoned may be at it then. */
const commitSeconds = 60;
/** Two looks this far apart prove that a call which brought no answer made nothing. */
const restSeconds = 10;

/** A key to be made, money and limits as decimal text; null is unlimited, none, or never. */
export interface NewKey {
  readonly id: string;
  readonly userId: string;
  readonly teamId: string | null;
  readonly alias: string | null;
  /** As LiteLLM's list names them; never empty, which would mean all. */
  readonly models: readonly string[];
  readonly maxBudget: string | null;
  readonly budgetDuration: string | null;
  readonly tpmLimit: string | null;
  readonly rpmLimit: string | null;
  readonly expiresAt: string | null;
  /** What the key takes over from one that it takes the place of. */
  readonly carried?: CarriedOver;
}

/** What a key takes over that no person set: what was spent, and what only LiteLLM keeps of it. */
export interface CarriedOver {
  /** In USD, so that what is left of the budget stays what it is. */
  readonly spend: string;
  /** By the names of LiteLLM: limits per model and the like. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** A key that LiteLLM has, read back and compared. */
export interface MadeKey {
  /** The value: it is given to the person who made the key, and to nobody else. */
  readonly value: string;
  readonly hash: string;
  /** When it ends, as LiteLLM counts. */
  readonly expiresAt: string | null;
  /** JSON of what a pull keeps of a key beside its columns. */
  readonly metadata: string;
  /** Writes down, in the transaction of the key's row, what both sides hold, and that nothing is open any more. */
  finish(connection: Connection): Promise<void>;
  /** Takes the key back where its row could not be written. */
  takeBack(): Promise<void>;
}

/**
 * Makes a key in LiteLLM with a value of our own. What it needs is there first: user, team, membership. Before the call
 * the value's hash is written down, so that a key whose answer is lost is found and deleted, now or later.
 * @throws AppError `litellm_refused`, `litellm_auth`, `litellm_unreachable`: there is no key, or none that anybody has
 *   the value of and that stays.
 */
export async function makeKey(context: OwnerContext, wish: NewKey): Promise<MadeKey> {
  const duration = remoteDuration(wish.budgetDuration);
  if (!isSoundDuration(duration)) {
    throw new AppError('validation', say('litellm.push.duration', { duration: duration ?? '' }));
  }
  const owner = await ensureOwner(context, wish);
  if (isOwnerProblem(owner)) {
    const code = owner.kind === 'refused' ? 'litellm_refused' : 'litellm_unreachable';
    throw new AppError(code, owner.problem, { hint: say('litellm.push.keyNotMade') });
  }
  const value = `sk-${randomBytes(valueBytes).toString('base64url')}`;
  const hash = createHash('sha256').update(value, 'utf8').digest('hex');
  await openIntent(context, wish.id, hash);
  const abandon = async (): Promise<void> => {
    await removeKey(context, hash).catch(() => null);
    // It ends by itself, later: why the key is given up counts more.
    await releaseIntent(context, wish.id).catch(() => null);
  };
  let made: { readonly remote: RemoteKey; readonly theirs: Fields };
  try {
    made = await generate(context, { wish, owner, value, hash, duration });
  } catch (error) {
    await abandon();
    throw error;
  }
  const { remote, theirs } = made;
  return {
    value,
    hash,
    expiresAt: remote.row.expires,
    metadata: canonicalJson(
      Object.fromEntries(keys.table.metadata.map((name) => [name, theirs[name] ?? null])),
    ),
    finish: (connection) => finish(connection, context.proxyId, { id: wish.id, hash, remote }),
    takeBack: abandon,
  };
}

interface Making {
  readonly wish: NewKey;
  readonly owner: RemoteOwner;
  readonly value: string;
  readonly hash: string;
  readonly duration: string | null;
}

async function generate(
  context: OwnerContext,
  making: Making,
): Promise<{ readonly remote: RemoteKey; readonly theirs: Fields }> {
  const { client, database, proxyId, signal } = context;
  const outcome = await client.write({ path: '/key/generate', body: bodyOf(making), signal });
  // What was refused may have been done all the same: whoever comes after this looks for it.
  if (outcome.kind === 'refused' || outcome.kind === 'later') throw outcome.error;
  const look = async (): Promise<{ readonly remote: RemoteKey; readonly theirs: Fields } | null> => {
    const remote = await readRemoteKey(client, making.hash, signal);
    if (remote === null) return null;
    const shown = await database.read(signal, (connection) => fieldsOf(connection, proxyId, remote.row));
    return { remote, theirs: shown?.fields ?? {} };
  };
  let made = outcome.kind === 'done' ? await look() : null;
  const { carried } = making.wish;
  if (made !== null && carried !== undefined && !hasSpent(made.theirs, carried.spend)) {
    const spend = new ExactNumber(carried.spend);
    await client.write({ path: '/key/update', body: { key: making.hash, spend }, signal });
    made = await look();
  }
  if (made === null) throw unknown(outcome);
  const { remote, theirs } = made;
  const differing = compare(making, remote, theirs);
  if (differing.length > 0) {
    const fields = namedColumns(differing);
    throw new AppError('litellm_refused', say('litellm.push.keyDiffers', { fields }), {
      hint: say('litellm.push.keyDiffersHint'),
    });
  }
  return made;
}

/** Whether what was spent with a key counts as much as it must. */
function hasSpent(theirs: Fields, spend: string): boolean {
  const { current_spend: counted } = theirs;
  return typeof counted === 'string' && isDecimal(counted) && compareDecimals(counted, spend) >= 0;
}

function bodyOf({ wish, owner, value, duration }: Making): Readonly<Record<string, unknown>> {
  const number = (text: string | null): ExactNumber | undefined =>
    text === null ? undefined : new ExactNumber(text);
  const { carried } = wish;
  return {
    ...carried?.settings,
    spend: carried === undefined ? undefined : new ExactNumber(carried.spend),
    key: value,
    user_id: owner.userId,
    models: wish.models,
    max_budget: number(wish.maxBudget),
    tpm_limit: number(wish.tpmLimit),
    rpm_limit: number(wish.rpmLimit),
    key_alias: wish.alias ?? undefined,
    team_id: owner.teamId ?? undefined,
    budget_duration: duration ?? undefined,
    duration: wish.expiresAt === null ? undefined : durationUntil(wish.expiresAt, new Date()),
  };
}

function unknown(outcome: WriteOutcome): AppError {
  return new AppError('litellm_unreachable', say('litellm.push.keyUnknown'), {
    hint: say('litellm.push.keyUnknownHint'),
    ...(outcome.kind === 'unknown' ? { cause: outcome.error } : {}),
  });
}

/** LiteLLM answers what it was asked, also where a site's defaults or an older key say otherwise: only reading tells. */
function compare({ wish, owner }: Making, { row }: RemoteKey, theirs: Fields): string[] {
  const ours: Fields = {
    litellm_key_alias: wish.alias,
    max_budget: wish.maxBudget,
    budget_duration: wish.budgetDuration,
    tpm_limit: wish.tpmLimit,
    rpm_limit: wish.rpmLimit,
    expires_at: wish.expiresAt,
    is_active: true,
  };
  const isSameModels = modelListOf(theirs).join('\n') === [...new Set(wish.models)].sort().join('\n');
  return [
    ...Object.keys(ours).filter((column) => !agrees(column, theirs, ours, secondsApart.sent)),
    ...(isSameModels ? [] : ['models']),
    ...(row.user_id === owner.userId ? [] : ['user_id']),
    ...(row.team_id === owner.teamId ? [] : ['team_id']),
    ...(wish.carried === undefined || hasSpent(theirs, wish.carried.spend) ? [] : ['current_spend']),
    ...Object.entries(wish.carried?.settings ?? {}).flatMap(([name, wanted]) =>
      holds(row[name], wanted) ? [] : [name],
    ),
  ];
}

/** Whether a setting is there as it was sent; a proxy may add to it. */
function holds(there: unknown, wanted: unknown): boolean {
  if (!isObject(wanted) || !isObject(there)) return canonicalJson(there) === canonicalJson(wanted);
  return Object.entries(wanted).every(([name, value]) => canonicalJson(there[name]) === canonicalJson(value));
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** @returns whether LiteLLM does not have the key now. */
async function removeKey({ client }: OwnerContext, hash: string): Promise<boolean> {
  // Also where the call was cancelled: nobody has this key's value.
  const signal = AbortSignal.timeout(removalMs);
  if ((await readRemoteKey(client, hash, signal)) === null) return true;
  await client.write({ path: '/key/delete', body: { keys: [hash] }, signal });
  return (await readRemoteKey(client, hash, signal)) === null;
}

const removalMs = 20_000;

async function openIntent(
  { database, proxyId, signal }: OwnerContext,
  id: string,
  hash: string,
): Promise<void> {
  await database.write(signal, ({ run }) =>
    run(sql`
    INSERT INTO ${table('key_intents')} (id, proxy_id, key_hash, actor, leased_until)
    VALUES (${id}, ${proxyId}, ${hash}, ${operatorName()},
      clock_timestamp() + make_interval(secs => ${leaseSeconds}))`),
  );
}

/** Leaves an intent to whoever looks next. */
async function releaseIntent({ database }: OwnerContext, id: string): Promise<void> {
  await database.write(database.closing, ({ run }) =>
    run(sql`UPDATE ${table('key_intents')} SET leased_until = clock_timestamp() WHERE id = ${id}`),
  );
}

async function finish(
  connection: Connection,
  proxyId: string,
  { id, hash, remote }: { readonly id: string; readonly hash: string; readonly remote: RemoteKey },
): Promise<void> {
  const closed = await connection.run(sql`
    DELETE FROM ${table('key_intents')}
    WHERE id = ${id} AND leased_until > clock_timestamp() + make_interval(secs => ${commitSeconds})`);
  // Another console took it for abandoned, and deletes the key.
  if (closed !== 1) throw new AppError('conflict', say('litellm.push.keyTaken'));
  const local = await readLocalKey(connection, proxyId, id);
  const theirs = await fieldsOf(connection, proxyId, remote.row);
  if (local.fields === null || theirs === null) throw new AppError('conflict', say('litellm.push.keyTaken'));
  const known = agreedObject({ local, ours: local.fields }, theirs);
  await keepRead(connection, proxyId, 'key', { remoteId: hash, localId: id, ...known });
}

/** Whether keys were left half made that nobody is at. */
export async function hasOpenIntents({ select }: Connection, proxyId: string): Promise<boolean> {
  const [row] = await select(
    z.strictObject({ some: z.boolean() }),
    sql`SELECT EXISTS (SELECT FROM ${from('key_intents', 'i')}
      WHERE i.proxy_id = ${proxyId} AND i.leased_until < clock_timestamp()) AS "some"`,
  );
  return row?.some === true;
}

const intentRow = z.strictObject({ id: uuid, key_hash: z.string(), is_proved: z.boolean() });

/**
 * Looks for keys that were being made when an answer was lost or a console killed, and deletes them: nobody has their
 * value. What two looks did not find is forgotten.
 * @throws AppError as the client's `read` does.
 */
export async function settleIntents(context: OwnerContext): Promise<void> {
  const { database, proxyId, signal } = context;
  const open = await database.read(signal, ({ select }) =>
    select(
      intentRow,
      sql`
      SELECT i.id, i.key_hash,
        coalesce(i.absent_since < clock_timestamp() - make_interval(secs => ${restSeconds}), false) AS is_proved
      FROM ${from('key_intents', 'i')}
      WHERE i.proxy_id = ${proxyId} AND i.leased_until < clock_timestamp() ORDER BY i.created_at LIMIT 100`,
    ),
  );
  for (const { id, key_hash: hash, is_proved: isProved } of open) {
    const isAbsent = await removeKey(context, hash);
    await database.write(signal, async ({ run }) => {
      if (isAbsent && isProved) await run(sql`DELETE FROM ${table('key_intents')} WHERE id = ${id}`);
      else {
        await run(sql`
          UPDATE ${table('key_intents')}
          SET absent_since = CASE WHEN ${isAbsent} THEN coalesce(absent_since, clock_timestamp()) END WHERE id = ${id}`);
      }
    });
  }
}
