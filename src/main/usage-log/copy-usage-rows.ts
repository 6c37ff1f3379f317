import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { RequestIds, UsageImportRow } from './usage-import-row';

const greatestInteger = 2_147_483_647;

/**
 * The staging table of one import: the columns of `usage_logs` as they will be stored (costs already at 12 decimals,
 * so that comparing with stored rows is exact) and what is known about each row.
 */
const stagingTable = `
  CREATE TEMP TABLE usage_import (
    line INTEGER NOT NULL,
    request_id TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    api_key_id UUID,
    subscription_id UUID,
    user_id UUID,
    team_id UUID,
    model_id TEXT NOT NULL,
    request_tokens BIGINT NOT NULL,
    response_tokens BIGINT NOT NULL,
    input_cost NUMERIC(20, 12) NOT NULL,
    output_cost NUMERIC(20, 12) NOT NULL,
    latency_ms INTEGER,
    status_code INTEGER,
    error_message TEXT,
    metadata JSONB NOT NULL,
    reason TEXT NOT NULL,
    refused_by_litellm BOOLEAN NOT NULL,
    litellm_user_id TEXT,
    litellm_team_id TEXT,
    litellm_key_id TEXT,
    litellm_model_group TEXT,
    earlier_request_id TEXT,
    former_api_key_id UUID,
    former_team_id UUID,
    known TEXT NOT NULL DEFAULT 'no'
  ) ON COMMIT DROP`;

const copyStatement = `
  COPY pg_temp.usage_import (line, request_id, created_at, api_key_id, subscription_id, user_id, team_id, model_id,
    request_tokens, response_tokens, input_cost, output_cost, latency_ms, status_code, error_message, metadata, reason,
    refused_by_litellm, litellm_user_id, litellm_team_id, litellm_key_id, litellm_model_group, earlier_request_id)
  FROM STDIN`;

export async function createStagingTable(client: pg.ClientBase): Promise<void> {
  await client.query(stagingTable);
}

/** Replaces the staging table's rows by these. */
export async function copyUsageRows(
  client: pg.ClientBase,
  rows: readonly UsageImportRow[],
  requestIds: RequestIds,
): Promise<void> {
  await client.query('TRUNCATE pg_temp.usage_import');
  const lines = function* (): Generator<string> {
    for (const [line, row] of rows.entries()) yield copyLine(line, row, requestIds.of(row));
  };
  await pipeline(Readable.from(lines()), client.query(copyFrom(copyStatement)));
  // Temporary tables are never analysed by themselves; without figures a large batch is joined row by row.
  await client.query('ANALYZE pg_temp.usage_import');
}

function copyLine(line: number, row: UsageImportRow, requestId: string): string {
  const fields = [
    line,
    requestId,
    row.createdAt,
    row.apiKeyId,
    row.subscriptionId,
    row.userId,
    row.teamId,
    row.modelId,
    row.requestTokens,
    row.responseTokens,
    row.inputCost,
    row.outputCost,
    // 24 days: a longer "latency" is a clock gone wrong and must not fail the import.
    row.latencyMs === null ? null : Math.min(Math.round(row.latencyMs), greatestInteger),
    row.statusCode,
    row.errorMessage,
    // JSON escapes NUL, and JSONB refuses the escape as TEXT refuses the byte.
    JSON.stringify(row.metadata).replace(/(?<!\\)((?:\\\\)*)\\u0000/g, '$1'),
    row.unattributedReason ??
      (row.apiKeyId === null && row.userId === null ? 'unknown_key' : 'no_subscription'),
    row.refusedByLitellm === true ? 't' : 'f',
    row.litellmIds?.userId ?? null,
    row.litellmIds?.teamId ?? null,
    row.litellmIds?.keyId ?? null,
    row.litellmIds?.modelGroup ?? null,
    row.earlierRequestId ?? null,
  ];
  return `${fields.map(copyField).join('\t')}\n`;
}

/** One field in COPY's text format. */
function copyField(value: string | number | null): string {
  if (value === null) return '\\N';
  return String(value).replace(/[\0\\\t\n\r]/g, (character) => escapes[character] ?? '');
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
