import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import * as z from 'zod';
import { uuid } from '../../../shared/contract/values';
import type { Connection } from '../../postgres/database';
import { from } from '../../postgres/relations';
import type { UsageImportRow } from '../../usage-log/import-usage';
import { truncate } from '../mapping/fields';
import { systemUserId } from '../users/map-user';
import type { SpendRow } from './spend-rows';
import { readLocalIds } from '../pull/store/remote-objects';
import { type Attribution, mapSpend } from './map-spend';
import { readPriceHistory } from './price-history';
import { type EnsureSubscriptions, pairKey } from './subscriptions-for-usage';

/** How LiteLLM names the master key where it does not log its hash. */
const masterKeyNames = new Set(['litellm_proxy_master_key', 'default_user_id']);

const keyOwner = z.strictObject({ id: uuid, user_id: uuid, subscription_id: uuid.nullable() });
type KeyOwner = z.infer<typeof keyOwner>;

const homelessKey = z.strictObject({ remote_id: z.string() });
const knownModel = z.strictObject({ id: z.string() });

export interface AttributeOptions {
  readonly proxyId: string;
  /** Hash of the key this console uses itself: where it is no stored key, it is the master key. */
  readonly ownKeyHash: string;
  readonly ensureSubscriptions: EnsureSubscriptions;
}

export function hashOf(apiKey: string): string {
  return createHash('sha256').update(apiKey, 'utf8').digest('hex');
}

/**
 * Finds our key, user, team, model and subscription for each request. A user we know who used a model we know gets a
 * subscription if there is none; what cannot be told stays unattributed, with the reason.
 */
export async function attributeSpend(
  connection: Connection,
  rows: readonly SpendRow[],
  options: AttributeOptions,
): Promise<UsageImportRow[]> {
  const { proxyId } = options;
  const owners = await readKeyOwners(connection, proxyId, present(rows.map((row) => row.api_key)));
  const homelessKeys = await readHomelessKeys(connection, proxyId, present(rows.map((row) => row.api_key)));
  const users = await readLocalIds(connection, proxyId, 'user', present(rows.flatMap(userIdsOf)));
  const teams = await readLocalIds(connection, proxyId, 'team', present(rows.map(teamIdOf)));
  const names = present(rows.flatMap((row) => [row.model_group, row.model]));
  const models = await readKnownModels(connection, names);
  const requests = rows.map((row) => {
    const key = row.api_key === null ? undefined : owners.get(row.api_key);
    const userId = firstKnown(userIdsOf(row), users) ?? key?.user_id ?? null;
    const teamId = firstKnown([teamIdOf(row)], teams);
    const known = [row.model_group, row.model].find((name) => name !== null && models.has(name)) ?? null;
    return { row, key, userId, teamId, model: known };
  });
  const pairs = requests.flatMap(({ userId, model }) =>
    userId === null || model === null ? [] : [{ userId, model }],
  );
  const subscriptions = await options.ensureSubscriptions(connection, pairs);
  const priceAt = await readPriceHistory(connection, present(requests.map((request) => request.model)));
  return requests.map(({ row, key, userId, teamId, model }) => {
    const found = userId === null || model === null ? undefined : subscriptions.get(pairKey(userId, model));
    const own = key?.subscription_id ?? null;
    const subscriptionId = found === undefined ? null : own !== null && found.all.has(own) ? own : found.best;
    const attribution: Attribution = {
      apiKeyId: key?.id ?? null,
      userId,
      teamId,
      subscriptionId,
      modelId: model ?? truncate(row.model_group ?? row.model ?? 'unknown', 255),
      reason: unattributedReason(row, key, userId, homelessKeys, options.ownKeyHash),
    };
    return mapSpend(row, attribution, model === null ? null : priceAt(model, row.startTime));
  });
}

function unattributedReason(
  row: SpendRow,
  key: KeyOwner | undefined,
  userId: string | null,
  homelessKeys: ReadonlySet<string>,
  ownKeyHash: string,
): string {
  if (userId !== null) return 'unknown_model';
  const isMaster =
    row.api_key === null ||
    masterKeyNames.has(row.api_key) ||
    row.api_key === ownKeyHash ||
    row.user === systemUserId;
  if (row.api_key !== null && homelessKeys.has(row.api_key)) return 'key_without_user';
  if (key === undefined && isMaster) return 'master_key';
  return key === undefined ? 'unknown_key' : 'unknown_user';
}

/** The user as logged comes first: a key may have changed hands since. */
function userIdsOf(row: SpendRow): (string | null)[] {
  return [row.user, row.metadata.user_api_key_user_id];
}

function teamIdOf(row: SpendRow): string | null {
  return row.team_id ?? row.metadata.user_api_key_team_id;
}

async function readKeyOwners(
  connection: Connection,
  proxyId: string,
  tokens: readonly string[],
): Promise<Map<string, KeyOwner>> {
  const ids = await readLocalIds(connection, proxyId, 'key', tokens);
  const rows = await connection.select(
    keyOwner,
    sql`
    SELECT id, user_id, subscription_id FROM ${from('api_keys')} WHERE id = ANY(${sql.param([...ids.values()])}::uuid[])`,
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  return new Map(
    [...ids].flatMap(([token, id]) => {
      const owner = byId.get(id);
      return owner === undefined ? [] : [[token, owner]];
    }),
  );
}

/** Keys that belong to nobody we know: what they used has no user either. */
async function readHomelessKeys(
  { select }: Connection,
  proxyId: string,
  tokens: readonly string[],
): Promise<Set<string>> {
  const rows = await select(
    homelessKey,
    sql`
    SELECT remote_id FROM ${from('litellm_objects')}
    WHERE proxy_id = ${proxyId} AND kind = 'key' AND (local_id IS NULL OR state = 'homeless')
      AND remote_id = ANY(${sql.param(tokens)}::text[])`,
  );
  return new Set(rows.map((row) => row.remote_id));
}

async function readKnownModels({ select }: Connection, names: readonly string[]): Promise<Set<string>> {
  const rows = await select(
    knownModel,
    sql`SELECT id FROM ${from('models')} WHERE id = ANY(${sql.param(names)}::text[])`,
  );
  return new Set(rows.map((row) => row.id));
}

function firstKnown(ids: readonly (string | null)[], known: ReadonlyMap<string, string>): string | null {
  for (const id of ids) {
    const found = id === null ? undefined : known.get(id);
    if (found !== undefined) return found;
  }
  return null;
}

function present(values: readonly (string | null)[]): string[] {
  return [...new Set(values.filter((value): value is string => value !== null))];
}
