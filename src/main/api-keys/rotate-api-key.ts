import { randomUUID } from 'node:crypto';
import { type SQL, sql } from 'drizzle-orm';
import * as z from 'zod';
import type { overlaps } from '../../shared/contract/api-keys';
import type { CheckedInputOf, Contract } from '../../shared/contract/index';
import { bigInteger, decimal, instant, uuid } from '../../shared/contract/values';
import { AppError } from '../../shared/errors';
import { everyModelOfProxy } from '../../shared/records/api-keys';
import { recordChange } from '../changes/record-change';
import { lockRecords, readRecordsNow } from '../changes/record-table';
import { untoldOf, writeOutbox } from '../changes/outbox';
import { say } from '../kernel/say';
import type { ClientOptions, LitellmClient } from '../litellm/client/client';
import { readLocalKey } from '../litellm/keys/local-key';
import type { CarriedOver } from '../litellm/keys/make-key';
import { namedColumns, secondsApart } from '../litellm/keys/push-key';
import { agrees, fieldsOf, modelListOf, readRemoteKey } from '../litellm/keys/remote-key';
import { openLinkedClient } from '../litellm/link/linked-client';
import { readLink } from '../litellm/link/proxy-link';
import { truncate } from '../litellm/mapping/fields';
import { sendWaiting } from '../litellm/outbox/send-waiting';
import type { Connection } from '../postgres/database';
import { from, table } from '../postgres/relations';
import type { Handler, WorkspaceCall } from '../router/handlers';
import { apiKeyState } from './api-key-rows';
import { apiKeysRecord } from './api-keys-record';
import { endOfDay } from './end-of-day';
import { imageOf, makeWithRow, type WishedKey } from './make-with-row';

type Rotation = CheckedInputOf<Contract['apiKeys']['rotate']>;

/** Whoever rotated a key waits no longer for LiteLLM to hear of the old one's end. */
const mostMs = 10_000;

/**
 * Puts a new key in the place of one that works: same owner, team, models, limits and end, with what was spent. The new
 * key is made first, under an alias of its own; then one transaction writes its row, gives it the old key's alias and
 * the old key its end; then LiteLLM is told of both. Until that transaction nothing is different for the old key, and
 * what was begun is found by its intent.
 */
export function rotateApiKey(clientOptions: ClientOptions): Handler<Contract['apiKeys']['rotate']> {
  return async (wanted, { workspace, signal }) => {
    const { database } = workspace;
    const link = await database.read(signal, readLink);
    const { client } = await openLinkedClient(workspace, link, { ...clientOptions, tries: 1 });
    const proxyId = client.baseUrl;
    const id = randomUUID();
    try {
      const { old, oldEndsAt } = await database.read(signal, (connection) => readOld(connection, wanted));
      const carried = await readCarried(client, { workspace, signal }, wanted.id);
      const batch = { batchId: randomUUID(), undoes: null, reason: wanted.reason };
      const made = await makeWithRow({
        ...{ workspace, client, signal, id, models: carried.models, known: [], carried: carried.over },
        // LiteLLM has no two keys of one alias: this one gets it once the old one has given it up.
        wish: {
          ...wishOf(old, wanted),
          alias: old.alias === null ? null : madeUnique(old.alias, `new ${id}`),
        },
        async record(connection) {
          const before = await holdOld(connection, wanted, old);
          await takeOver(connection, { id, oldId: wanted.id, old, oldEndsAt, spend: carried.over.spend });
          const after = await imageOf(connection, wanted.id);
          const ofOld = await recordChange(connection, workspace, {
            ...{ action: 'API_KEY_ROTATE', id: wanted.id, before, after, of: batch },
            facts: { rotatedTo: id },
          });
          const ofNew = await recordChange(connection, workspace, {
            ...{
              action: 'API_KEY_ROTATE',
              id,
              before: null,
              after: await imageOf(connection, id),
              of: batch,
            },
            facts: { rotatedFrom: wanted.id, valueStored: wanted.keepValue },
          });
          const alias = old.alias === null ? [] : ['litellmKeyAlias'];
          const news = { fields: [...alias, 'expiresAt'], taken: ['expiresAt'] };
          const kind = 'api_key' as const;
          await writeOutbox(connection, proxyId, [{ changeId: ofOld, kind, id: wanted.id, news }]);
          if (old.alias === null) return;
          await writeOutbox(connection, proxyId, [
            { changeId: ofNew, kind, id, news: { fields: alias, taken: [] } },
          ]);
        },
      });
      workspace.dataChanged();
      let isTold = true;
      for (const keyId of [wanted.id, id]) {
        isTold = (await tell(keyId, { workspace, signal }, clientOptions)) && isTold;
      }
      const { value, expiresAt } = made;
      return { id, value, baseUrl: proxyId, expiresAt, oldEndsAt, isTold };
    } finally {
      client.close();
    }
  };
}

const oldRow = z.strictObject({
  user_id: uuid,
  team_id: uuid.nullable(),
  name: z.string().nullable(),
  alias: z.string().nullable(),
  max_budget: decimal.nullable(),
  budget_duration: z.string().nullable(),
  tpm_limit: bigInteger.nullable(),
  rpm_limit: bigInteger.nullable(),
  expires_at: instant.nullable(),
  state: z.string(),
  untold: z.string(),
  rotations: z.int(),
});
type OldKey = z.infer<typeof oldRow>;

/** SQL: how often a key was rotated, or made by a rotation. */
const rotationsOf = (id: SQL): SQL => sql`(
  SELECT count(*)::int FROM ${from('changes', 'c')}
  WHERE c.record_kind = 'api_key' AND c.record_id = ${id}::text AND c.action = 'API_KEY_ROTATE')`;

/** @throws AppError `not_found`, `conflict`, `validation` where the key is gone, was changed since, or may not be rotated. */
async function readOld(
  connection: Connection,
  { id, version, overlap }: Rotation,
): Promise<{ readonly old: OldKey; readonly oldEndsAt: string }> {
  const now = (await readRecordsNow(connection, apiKeysRecord, [id])).get(id);
  const [old] = await connection.select(
    oldRow,
    sql`
    SELECT k.user_id, k.team_id, k.name, nullif(k.litellm_key_alias, '') AS alias, k.max_budget, k.budget_duration,
      k.tpm_limit, k.rpm_limit, CASE WHEN isfinite(k.expires_at) THEN k.expires_at END AS expires_at,
      ${apiKeyState} AS state, ${untoldOf('api_key', sql`k.id`)} AS untold, ${rotationsOf(sql`k.id`)} AS rotations
    FROM ${from('api_keys', 'k')} WHERE k.id = ${id}`,
  );
  if (old === undefined || now === undefined) {
    throw new AppError('not_found', say('records.gone.apiKey'), { hint: say('records.goneHint.apiKey') });
  }
  if (now.version !== version) throw changedSince();
  if (old.state !== 'active') {
    throw new AppError('validation', say('changes.keys.rotateOnlyActive'), {
      hint: say('changes.keys.rotateOnlyActiveHint'),
    });
  }
  if (old.untold !== 'none') {
    throw new AppError('validation', say('changes.keys.rotateUntold'), {
      hint: say('changes.keys.rotateUntoldHint'),
    });
  }
  const end = await endOfOverlap(connection, overlap);
  // A rotation never lets a key work longer than it would have.
  const { expires_at: ends } = old;
  return { old, oldEndsAt: ends !== null && Date.parse(ends) < Date.parse(end) ? ends : end };
}

const changedSince = (): AppError =>
  new AppError('conflict', say('changes.keys.rotateChanged'), {
    hint: say('changes.keys.rotateChangedHint'),
  });

const hourMs = 3_600_000;
const overlapMs: Readonly<Record<string, number>> = {
  none: 0,
  '1h': hourMs,
  '1d': 24 * hourMs,
  '7d': 7 * 24 * hourMs,
} satisfies Record<(typeof overlaps)[number], number>;

async function endOfOverlap(connection: Connection, overlap: Rotation['overlap']): Promise<string> {
  const ms = overlapMs[overlap];
  if (ms !== undefined) return new Date(Date.now() + ms).toISOString().replace('Z', '000Z');
  const end = overlap.includes('T') ? overlap : await endOfDay(connection, overlap);
  if (Date.parse(end) > Date.now()) return end;
  throw new AppError('validation', say('changes.keys.endPast'), { hint: say('changes.keys.endPastHint') });
}

/** What LiteLLM keeps of a key beside what is set here; what is empty is left out, and so is what only LiteLLM sets. */
const carriedSettings = [
  'metadata',
  'max_parallel_requests',
  'aliases',
  'config',
  'permissions',
  'allowed_routes',
  'allowed_cache_controls',
  'model_max_budget',
  // By these the key shares limits, or what it may reach, with others: without them it could do more.
  'budget_id',
  'organization_id',
  'project_id',
  'access_group_ids',
  'object_permission',
  'policies',
  'tpd_limit',
  'budget_limits',
];

const comparedColumns = [
  'max_budget',
  'budget_duration',
  'tpm_limit',
  'rpm_limit',
  'expires_at',
  'team_id',
  'user_id',
];

/**
 * What the new key takes over of the old one, as LiteLLM has it now: its spend is newer there than here.
 * @throws AppError `validation` where LiteLLM does not have it, blocks it, or has other limits of it.
 */
async function readCarried(
  client: LitellmClient,
  { workspace: { database }, signal }: Pick<WorkspaceCall, 'workspace' | 'signal'>,
  id: string,
): Promise<{ readonly over: CarriedOver; readonly models: readonly string[] }> {
  const proxyId = client.baseUrl;
  const { hash, fields: ours } = await database.read(signal, (connection) =>
    readLocalKey(connection, proxyId, id),
  );
  const remote = hash === null ? null : await readRemoteKey(client, hash, signal);
  const shown =
    remote === null
      ? null
      : await database.read(signal, (connection) => fieldsOf(connection, proxyId, remote.row));
  if (remote === null || remote.row.blocked || shown === null || ours === null) {
    throw new AppError('validation', say('changes.keys.rotateNotThere'), {
      hint: say('changes.keys.rotateNotThereHint'),
    });
  }
  // The new key gets the limits that are set here: it must not be given back what somebody took away over there.
  const differing = comparedColumns.filter(
    (column) => !agrees(column, shown.fields, ours, secondsApart.sent),
  );
  if (differing.length > 0) {
    const fields = namedColumns(differing);
    throw new AppError('validation', say('changes.keys.rotateDiffers', { fields }), {
      hint: say('changes.keys.rotateDiffersHint'),
    });
  }
  const { current_spend: spend } = shown.fields;
  const models = modelListOf(shown.fields);
  const settings = carriedSettings.flatMap((name) => {
    const value = withoutOwnId(name, remote.row[name]);
    return isEmpty(value) ? [] : [[name, value] as const];
  });
  return {
    over: { spend: typeof spend === 'string' ? spend : '0', settings: Object.fromEntries(settings) },
    models: models.length === 0 ? [everyModelOfProxy] : models,
  };
}

/** What a key may reach is a record of its own over there: the new key gets another of the same content. */
function withoutOwnId(name: string, value: unknown): unknown {
  if (name !== 'object_permission' || typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).filter(([field, inner]) => field !== 'object_permission_id' && !isEmpty(inner)),
  );
}

const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || (typeof value === 'object' && Object.keys(value).length === 0);

function wishOf(old: OldKey, { keepValue }: Rotation): WishedKey {
  const hasPeriod = old.budget_duration !== null && old.budget_duration !== 'lifetime';
  return {
    ...{ userId: old.user_id, teamId: old.team_id, name: old.name, alias: old.alias, models: 'all' },
    ...{ maxBudget: old.max_budget, budgetDuration: hasPeriod ? old.budget_duration : null },
    ...{ tpmLimit: old.tpm_limit, rpmLimit: old.rpm_limit, expiresAt: old.expires_at, keepValue },
  };
}

const longestName = 255;

/** A name with a mark behind it, where both have room. */
function madeUnique(name: string, mark: string): string {
  const end = ` (${mark})`;
  return `${truncate(name, longestName - end.length)}${end}`;
}

/**
 * The old key as it is, held until the transaction ends. Where it has neither name nor alias and keeps its end, nothing in
 * it says that somebody else has rotated it meanwhile.
 */
async function holdOld(connection: Connection, { id, version }: Rotation, { rotations }: OldKey) {
  const { records } = await lockRecords(connection, apiKeysRecord, [id]);
  const now = records.get(id);
  if (now?.version !== version) throw changedSince();
  const [since] = await connection.select(
    oldRow.pick({ rotations: true }),
    sql`SELECT ${rotationsOf(sql`${id}`)} AS rotations`,
  );
  if (since?.rotations !== rotations) throw changedSince();
  return now.image;
}

interface TakingOver {
  readonly id: string;
  readonly oldId: string;
  readonly old: OldKey;
  readonly oldEndsAt: string;
  readonly spend: string;
}

/** The old key gets its end and a name that says so, the new one the old one's. */
async function takeOver(
  { run, select }: Connection,
  { id, oldId, old, oldEndsAt, spend }: TakingOver,
): Promise<void> {
  const day = `until ${oldEndsAt.slice(0, 10)}`;
  const [wanted] = await select(
    z.strictObject({ is_taken: z.boolean() }),
    sql`SELECT EXISTS (SELECT FROM ${from('api_keys', 'k')}
      WHERE lower(k.litellm_key_alias) = lower(${old.alias === null ? null : madeUnique(old.alias, day)}::text)) AS is_taken`,
  );
  const mark = wanted?.is_taken === true ? `${day}, ${oldId}` : day;
  const marked = (name: string | null): string | null =>
    name === null || name === '' ? name : madeUnique(name, mark);
  await run(sql`
    UPDATE ${table('api_keys')} SET name = ${marked(old.name)}, litellm_key_alias = ${marked(old.alias)},
      expires_at = ${oldEndsAt} WHERE id = ${oldId}`);
  await run(sql`
    UPDATE ${table('api_keys')} AS k SET litellm_key_alias = ${old.alias}, current_spend = ${spend},
      budget_duration = ${old.budget_duration}, subscription_id = old.subscription_id
    FROM ${from('api_keys', 'old')} WHERE k.id = ${id} AND old.id = ${oldId}`);
}

/** Tells LiteLLM of a key. @returns whether it knows all of it; what it does not goes on waiting, and screens say so. */
async function tell(
  keyId: string,
  { workspace, signal }: Pick<WorkspaceCall, 'workspace' | 'signal'>,
  clientOptions: ClientOptions,
): Promise<boolean> {
  try {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(mostMs)]);
    const which = { batchId: null, keyId, again: false };
    const { waiting, refused } = await sendWaiting(which, { workspace, signal: limited, clientOptions });
    return waiting + refused === 0;
  } catch {
    // The rotation stands: whoever asked gets the value.
    return false;
  }
}
