import { createHash, randomUUID } from 'node:crypto';
import type pg from 'pg';

/**
 * Test data builders, one per table: each inserts one row, fills in what the test does not care about, and answers
 * the row as the database has it. Columns carry the schema's names.
 */

type Client = Pick<pg.Client, 'query'>;
type Columns = Readonly<Record<string, unknown>>;

let made = 0;
const next = (): number => (made += 1);

export interface UserRecord {
  readonly id: string;
  readonly username: string;
  readonly email: string;
}

export function insertUser(client: Client, columns: Columns = {}): Promise<UserRecord> {
  const number = next();
  return insertRow(client, 'users', {
    username: `user-${number}`,
    email: `user-${number}@example.com`,
    oauth_provider: 'test',
    oauth_id: `user-${number}`,
    ...columns,
  });
}

export function insertModel(
  client: Client,
  columns: Columns = {},
): Promise<{ readonly id: string; readonly name: string }> {
  const number = next();
  return insertRow(client, 'models', {
    id: `model-${number}`,
    name: `Model ${number}`,
    provider: 'openai',
    ...columns,
  });
}

export function insertTeam(
  client: Client,
  { allowed_models: allowedModels = [], ...columns }: Columns = {},
): Promise<{ readonly id: string; readonly name: string }> {
  // node-postgres would bind an array as PostgreSQL's own array.
  return insertRow(client, 'teams', {
    name: `Team ${next()}`,
    allowed_models: JSON.stringify(allowedModels),
    ...columns,
  });
}

export function insertTeamMember(
  client: Client,
  columns: Columns & { readonly team_id: string; readonly user_id: string },
): Promise<{ readonly id: string }> {
  return insertRow(client, 'team_members', columns);
}

export function insertSubscription(
  client: Client,
  columns: Columns & { readonly user_id: string; readonly model_id: string },
): Promise<{ readonly id: string; readonly user_id: string; readonly model_id: string }> {
  return insertRow(client, 'subscriptions', { status: 'active', ...columns });
}

export interface ApiKeyRecord {
  readonly id: string;
  readonly user_id: string;
  readonly key_hash: string;
}

/** `value` is the whole key: only its hash and its prefix are stored, as LiteMaaS does. */
export function insertApiKey(
  client: Client,
  {
    value = `sk-${randomUUID()}`,
    ...columns
  }: Columns & { readonly user_id: string; readonly value?: string },
): Promise<ApiKeyRecord> {
  return insertRow(client, 'api_keys', {
    name: `Key ${next()}`,
    key_hash: createHash('sha256').update(value).digest('hex'),
    key_prefix: value.slice(0, 7),
    ...columns,
  });
}

export function insertApiKeyModel(
  client: Client,
  columns: { readonly api_key_id: string; readonly model_id: string },
): Promise<object> {
  return insertRow(client, 'api_key_models', columns);
}

/** One request in the log; its costs are 0 unless given. */
export function insertUsageLog(
  client: Client,
  columns: Columns & {
    readonly subscription_id: string;
    readonly model_id: string;
    readonly created_at: string;
  },
): Promise<{ readonly id: string }> {
  return insertRow(client, 'usage_logs', {
    request_tokens: 1,
    response_tokens: 1,
    status_code: 200,
    litellm_request_id: `request-${next()}`,
    ...columns,
  });
}

/** One request that no subscription covers. */
export function insertUnattributedUsage(
  client: Client,
  columns: Columns & { readonly model_id: string; readonly created_at: string },
): Promise<{ readonly id: string }> {
  return insertRow(client, 'litemaas_console.unattributed_usage', {
    request_tokens: 1,
    response_tokens: 1,
    status_code: 200,
    reason: 'no_subscription',
    litellm_request_id: `request-${next()}`,
    ...columns,
  });
}

/** One object of a LiteLLM proxy. */
export function insertLiteLlmObject(
  client: Client,
  columns: Columns & { readonly kind: string },
): Promise<{ readonly remote_id: string; readonly last_seen_at: string }> {
  return insertRow(client, 'litemaas_console.litellm_objects', {
    proxy_id: 'proxy',
    remote_id: `remote-${next()}`,
    state: 'linked',
    ...columns,
  });
}

export function insertSyncRun(client: Client, columns: Columns = {}): Promise<{ readonly id: string }> {
  return insertRow(client, 'litemaas_console.sync_runs', {
    proxy_id: 'proxy',
    kind: 'pull',
    state: 'succeeded',
    ...columns,
  });
}

export function insertAuditEntry(
  client: Client,
  { metadata = {}, ...columns }: Columns = {},
): Promise<{ readonly id: string }> {
  return insertRow(client, 'audit_logs', {
    action: 'USER_UPDATE',
    metadata: JSON.stringify(metadata),
    ...columns,
  });
}

async function insertRow<Row>(client: Client, table: string, columns: Columns): Promise<Row> {
  const names = Object.keys(columns);
  const places = names.map((_, index) => `$${index + 1}`);
  const { rows } = await client.query(
    `INSERT INTO ${table} (${names.join(', ')}) VALUES (${places.join(', ')}) RETURNING *`,
    Object.values(columns),
  );
  return rows[0] as Row;
}
