import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { CheckedInputOf, Contract } from '../../shared/contract/index';
import { AppError } from '../../shared/errors';
import { everyModelOfProxy } from '../../shared/records/api-keys';
import { type Image, readRecordsNow } from '../changes/record-table';
import { say } from '../kernel/say';
import type { LitellmClient } from '../litellm/client/client';
import { type CarriedOver, type MadeKey, makeKey, settleIntents } from '../litellm/keys/make-key';
import { lockUntilCommit } from '../postgres/advisory-locks';
import type { Connection, Database } from '../postgres/database';
import { from, table } from '../postgres/relations';
import type { OpenWorkspace } from '../workspace/open-workspace';
import { apiKeysRecord } from './api-keys-record';
import { endOfDay } from './end-of-day';

/** A key to be made, and what is written with its row. */
interface Making {
  readonly workspace: OpenWorkspace;
  readonly client: LitellmClient;
  readonly signal: AbortSignal;
  /** The id that the key gets. */
  readonly id: string;
  readonly wish: WishedKey;
  /** As LiteLLM's list names them; never empty. */
  readonly models: readonly string[];
  /** Those of them that must be models here. */
  readonly known: readonly string[];
  readonly carried?: CarriedOver;
  /** Records it, in the transaction of the key's row. */
  readonly record: (connection: Connection, made: MadeKey) => Promise<void>;
}

export type WishedKey = CheckedInputOf<Contract['apiKeys']['create']>;

/**
 * Makes a key in LiteLLM, then its row; a key whose row cannot be written is taken back.
 * @throws AppError `validation` where the key could not be used, or must not be; as `makeKey` and `record` do.
 */
export async function makeWithRow(making: Making): Promise<MadeKey> {
  const { workspace, client, signal, id, wish, models, known, carried, record } = making;
  const { database } = workspace;
  const context = { client, database, proxyId: client.baseUrl, signal };
  const expiresAt = await database.read(signal, (connection) => checkKey(connection, wish, known));
  await settleIntents(context).catch(leftForLater);
  const made = await makeKey(context, {
    ...{ ...wish, id, models, expiresAt },
    ...(carried === undefined ? {} : { carried }),
  });
  const writing = database.write(signal, async (connection) => {
    // LiteLLM may have taken its time: whom the key is for is asked again, and stays so until the key is there.
    await holdPlace(connection, wish);
    await checkKey(connection, wish, known);
    await insertKey(connection, id, wish, models, made);
    await made.finish(connection);
    await record(connection, made);
  });
  await writing.catch(async (error: unknown) => {
    const outcome = await outcomeOf(database, id);
    if (outcome === 'written') return;
    if (outcome === 'notWritten') await made.takeBack();
    throw error;
  });
  return made;
}

/** A key as journal and audit log show it. */
export async function imageOf(connection: Connection, id: string): Promise<Image> {
  const now = (await readRecordsNow(connection, apiKeysRecord, [id])).get(id);
  if (now === undefined) throw new AppError('db_server', say('changes.notWritten', { table: 'api_keys' }));
  return now.image;
}

/**
 * Keeps owner, team and membership as they are until the key is written. The rows come first and the lock after them,
 * as in every change that ends a membership: the other way round each would wait for the other.
 */
async function holdPlace({ run }: Connection, { userId, teamId }: WishedKey): Promise<void> {
  await run(sql`SELECT FROM ${from('users', 'u')} WHERE u.id = ${userId} FOR SHARE`);
  if (teamId !== null) {
    await run(sql`SELECT FROM ${from('teams', 't')} WHERE t.id = ${teamId} FOR SHARE`);
    await run(sql`
      SELECT FROM ${from('team_members', 'tm')} WHERE tm.team_id = ${teamId} AND tm.user_id = ${userId} FOR SHARE`);
  }
  await run(lockUntilCommit('switchKeys'));
}

/**
 * Whether a key's row was written although its transaction failed: the answer to the commit may be what was lost. Where
 * nobody can say, the key is left as it is, and its intent to whoever looks next.
 */
async function outcomeOf(database: Database, id: string): Promise<'written' | 'notWritten' | 'unknown'> {
  try {
    // Also where the call was cancelled.
    return await database.write(database.closing, async ({ run, select }) => {
      // Waits for a commit that is still at work: it deletes this row.
      await run(sql`SELECT FROM ${from('key_intents', 'i')} WHERE i.id = ${id} FOR UPDATE`);
      const [row] = await select(
        z.strictObject({ some: z.boolean() }),
        sql`SELECT EXISTS (SELECT FROM ${from('api_keys', 'k')} WHERE k.id = ${id}) AS "some"`,
      );
      return row?.some === true ? 'written' : 'notWritten';
    });
  } catch {
    return 'unknown';
  }
}

/** What was left half made is no reason against another key; it is looked for again. */
function leftForLater(error: unknown): void {
  if (!(error instanceof AppError)) throw error;
}

const placeRow = z.strictObject({
  owner_is_active: z.boolean().nullable(),
  team: z.string().nullable(),
  team_is_active: z.boolean().nullable(),
  is_member: z.boolean(),
  alias_taken: z.boolean(),
  unknown_models: z.array(z.string()),
});

/**
 * Answers when the key is to end.
 * @param models those that must be models here.
 * @throws AppError `validation` where the key could not be used, or must not be.
 */
export async function checkKey(
  connection: Connection,
  wish: WishedKey,
  models: readonly string[],
): Promise<string | null> {
  const { userId, teamId, alias, expiresAt } = wish;
  const [place] = await connection.select(
    placeRow,
    sql`
    SELECT u.is_active AS owner_is_active, t.name AS team, t.is_active AS team_is_active,
      EXISTS (SELECT FROM ${from('team_members', 'tm')} WHERE tm.team_id = w.team_id AND tm.user_id = w.user_id) AS is_member,
      EXISTS (
        SELECT FROM ${from('api_keys', 'k')}
        WHERE lower(k.litellm_key_alias) = lower(w.alias) AND k.litellm_key_alias = w.alias AND k.revoked_at IS NULL) AS alias_taken,
      ARRAY(
        SELECT listed.model FROM unnest(${sql.param(models)}::text[]) AS listed (model)
        WHERE listed.model <> ${everyModelOfProxy}
          AND NOT EXISTS (SELECT FROM ${from('models', 'm')} WHERE m.id = listed.model)) AS unknown_models
    FROM (SELECT ${userId}::uuid AS user_id, ${teamId}::uuid AS team_id, ${alias}::text AS alias) AS w
    LEFT JOIN ${from('users', 'u')} ON u.id = w.user_id
    LEFT JOIN ${from('teams', 't')} ON t.id = w.team_id`,
  );
  const refuse = (text: string): never => {
    throw new AppError('validation', text);
  };
  if (place === undefined || place.owner_is_active === null) return refuse(say('changes.keys.ownerGone'));
  if (!place.owner_is_active) refuse(say('changes.keys.ownerInactive'));
  if (teamId !== null) {
    if (place.team === null) return refuse(say('changes.keys.teamGone'));
    if (place.team_is_active !== true) refuse(say('changes.keys.teamInactive', { team: place.team }));
    if (!place.is_member) refuse(say('changes.keys.notMember', { team: place.team }));
  }
  if (alias !== null && place.alias_taken) refuse(say('changes.keys.aliasTaken', { value: alias }));
  const [unknown] = place.unknown_models;
  if (unknown !== undefined) refuse(say('changes.keys.modelGone', { model: unknown }));
  if (expiresAt === null) return null;
  const end = expiresAt.includes('T') ? expiresAt : await endOfDay(connection, expiresAt);
  if (Date.parse(end) <= Date.now()) refuse(say('changes.keys.endPast'));
  return end;
}

async function insertKey(
  { run }: Connection,
  id: string,
  wish: WishedKey,
  models: readonly string[],
  { value, hash, expiresAt, metadata }: MadeKey,
): Promise<void> {
  const known = models.filter((name) => name !== everyModelOfProxy);
  await run(sql`
    INSERT INTO ${table('api_keys')} (id, user_id, team_id, name, litellm_key_alias, key_hash, key_prefix, lite_llm_key_value,
      max_budget, budget_duration, tpm_limit, rpm_limit, expires_at, is_active, sync_status, last_sync_at, metadata)
    VALUES (${id}, ${wish.userId}, ${wish.teamId}, ${wish.name}, ${wish.alias}, ${hash}, ${`sk-...${value.slice(-4)}`},
      ${wish.keepValue ? value : null}, ${wish.maxBudget}, ${wish.budgetDuration ?? 'lifetime'}, ${wish.tpmLimit},
      ${wish.rpmLimit}, ${expiresAt}, true, 'synced', CURRENT_TIMESTAMP, ${metadata}::jsonb)`);
  await run(sql`
    INSERT INTO ${table('api_key_models')} (api_key_id, model_id)
    SELECT ${id}::uuid, name FROM unnest(${sql.param(known)}::text[]) AS name
    WHERE EXISTS (SELECT FROM ${from('models', 'm')} WHERE m.id = name)`);
}
