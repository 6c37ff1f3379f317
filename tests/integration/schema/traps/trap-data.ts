import type pg from 'pg';
import type { UsageImportRow } from '../../../../src/main/usage-log/import-usage';
import { insertModel, insertSubscription, insertUsageLog, insertUser } from '../../../support/builders';

/** The one month the document has a partition for. */
export const requestTime = '2024-01-10T10:05:00Z';

export interface Subscribed {
  readonly subscriptionId: string;
  readonly userId: string;
  readonly modelId: string;
}

/** A user with an active subscription to a model of their own; works in the document's schema and in ours. */
export async function subscribe(
  client: pg.Client,
  columns: Readonly<Record<string, unknown>> = {},
): Promise<Subscribed> {
  const user = await insertUser(client);
  const model = await insertModel(client);
  const { id } = await insertSubscription(client, { user_id: user.id, model_id: model.id, ...columns });
  return { subscriptionId: id, userId: user.id, modelId: model.id };
}

/** Logs one request of a subscription (2 tokens unless given) and answers its id. */
export async function use(
  client: pg.Client,
  { subscriptionId, modelId }: Subscribed,
  columns: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const { id } = await insertUsageLog(client, {
    subscription_id: subscriptionId,
    model_id: modelId,
    created_at: requestTime,
    ...columns,
  });
  return id;
}

/** Logs `count` requests in one statement; `latency` is SQL over `number`, 0 to count - 1. */
export async function useMany(
  client: pg.Client,
  { subscriptionId, modelId }: Subscribed,
  count: number,
  latency = 'NULL',
): Promise<void> {
  await client.query(
    `INSERT INTO usage_logs (subscription_id, model_id, request_tokens, response_tokens, latency_ms, created_at)
     SELECT $1, $2, 1, 1, ${latency}, $3 FROM generate_series(0, $4::int - 1) AS number ORDER BY number`,
    [subscriptionId, modelId, requestTime, count],
  );
}

/** The same request as `use` logs, as an import brings it. */
export function importRow(
  { subscriptionId, userId, modelId }: Subscribed,
  changes: Partial<UsageImportRow> = {},
): UsageImportRow {
  return {
    requestId: 'request',
    createdAt: requestTime,
    apiKeyId: null,
    subscriptionId,
    userId,
    teamId: null,
    modelId,
    requestTokens: 1,
    responseTokens: 1,
    inputCost: '0',
    outputCost: '0',
    latencyMs: null,
    statusCode: 200,
    errorMessage: null,
    metadata: {},
    ...changes,
  };
}
