import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  date,
  integer,
  jsonb,
  numeric,
  pgSchema,
  primaryKey,
  text,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core';
import { bigInteger, instant } from './column-types';
import { subscriptionStatus } from './schema';

// Mirrors schema litemaas_console for typed queries; see schema.ts.

const bookkeeping = pgSchema('litemaas_console');
const now = sql`CURRENT_TIMESTAMP`;

export const settings = bookkeeping.table('settings', {
  key: text('key').primaryKey(),
  value: jsonb('value').notNull(),
  updatedAt: instant('updated_at').default(now).notNull(),
});

export const usageDaily = bookkeeping.table('usage_daily', {
  day: date('day', { mode: 'string' }).notNull(),
  apiKeyId: uuid('api_key_id'),
  subscriptionId: uuid('subscription_id'),
  userId: uuid('user_id'),
  teamId: uuid('team_id'),
  modelId: varchar('model_id', { length: 255 }).notNull(),
  requests: bigInteger('requests').notNull(),
  errors: bigInteger('errors').notNull(),
  requestTokens: bigInteger('request_tokens').notNull(),
  responseTokens: bigInteger('response_tokens').notNull(),
  cost: numeric('cost', { precision: 28, scale: 12 }).notNull(),
  latencyMsSum: bigInteger('latency_ms_sum').notNull(),
  latencyCount: bigInteger('latency_count').notNull(),
  refused: bigInteger('refused').default('0').notNull(),
});

export const usageMonthly = bookkeeping.table('usage_monthly', {
  month: date('month', { mode: 'string' }).notNull(),
  apiKeyId: uuid('api_key_id'),
  subscriptionId: uuid('subscription_id'),
  userId: uuid('user_id'),
  teamId: uuid('team_id'),
  modelId: varchar('model_id', { length: 255 }).notNull(),
  requests: bigInteger('requests').notNull(),
  errors: bigInteger('errors').notNull(),
  requestTokens: bigInteger('request_tokens').notNull(),
  responseTokens: bigInteger('response_tokens').notNull(),
  cost: numeric('cost', { precision: 28, scale: 12 }).notNull(),
  latencyMsSum: bigInteger('latency_ms_sum').notNull(),
  latencyCount: bigInteger('latency_count').notNull(),
  refused: bigInteger('refused').default('0').notNull(),
});

export const usageLatency = bookkeeping.table(
  'usage_latency',
  {
    day: date('day', { mode: 'string' }).notNull(),
    modelId: varchar('model_id', { length: 255 }).notNull(),
    latencyFromMs: integer('latency_from_ms').notNull(),
    requests: bigInteger('requests').notNull(),
  },
  (table) => [primaryKey({ columns: [table.day, table.modelId, table.latencyFromMs] })],
);

export const unattributedUsage = bookkeeping.table(
  'unattributed_usage',
  {
    id: uuid('id').defaultRandom().notNull(),
    subscriptionId: uuid('subscription_id'),
    apiKeyId: uuid('api_key_id'),
    teamId: uuid('team_id'),
    userId: uuid('user_id'),
    modelId: varchar('model_id', { length: 255 }).notNull(),
    requestTokens: bigInteger('request_tokens').notNull(),
    responseTokens: bigInteger('response_tokens').notNull(),
    totalTokens: bigInteger('total_tokens').generatedAlwaysAs(sql`request_tokens + response_tokens`),
    inputCost: numeric('input_cost', { precision: 20, scale: 12 }).default('0').notNull(),
    outputCost: numeric('output_cost', { precision: 20, scale: 12 }).default('0').notNull(),
    totalCost: numeric('total_cost', { precision: 21, scale: 12 }).generatedAlwaysAs(
      sql`input_cost + output_cost`,
    ),
    latencyMs: integer('latency_ms'),
    statusCode: integer('status_code'),
    errorMessage: text('error_message'),
    litellmRequestId: text('litellm_request_id'),
    metadata: jsonb('metadata')
      .default(sql`'{}'::jsonb`)
      .notNull(),
    reason: text('reason').notNull(),
    createdAt: instant('created_at').default(now).notNull(),
    litellmUserId: text('litellm_user_id'),
    litellmTeamId: text('litellm_team_id'),
    litellmKeyId: text('litellm_key_id'),
    litellmModelGroup: text('litellm_model_group'),
    refusedByLitellm: boolean('refused_by_litellm').default(false).notNull(),
    countedTowardsQuota: boolean('counted_towards_quota').default(false).notNull(),
  },
  (table) => [primaryKey({ columns: [table.id, table.createdAt] })],
);

export const subscriptionEvents = bookkeeping.table('subscription_events', {
  id: bigint('id', { mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
  subscriptionId: uuid('subscription_id').notNull(),
  userId: uuid('user_id').notNull(),
  modelId: varchar('model_id', { length: 255 }).notNull(),
  fromStatus: subscriptionStatus('from_status'),
  toStatus: subscriptionStatus('to_status'),
  cause: text('cause').notNull(),
  usageLogId: uuid('usage_log_id'),
  usageCreatedAt: instant('usage_created_at'),
  actor: text('actor'),
  createdAt: instant('created_at')
    .default(sql`clock_timestamp()`)
    .notNull(),
  reason: text('reason'),
  exceededBy: text('exceeded_by'),
  exceededQuota: text('exceeded_quota'),
});

export const modelPrices = bookkeeping.table(
  'model_prices',
  {
    id: uuid('id').defaultRandom().notNull(),
    modelId: varchar('model_id', { length: 255 }).notNull(),
    validFrom: instant('valid_from').notNull(),
    inputPricePerToken: numeric('input_price_per_token'),
    outputPricePerToken: numeric('output_price_per_token'),
    currency: text('currency').default('USD').notNull(),
    source: text('source').notNull(),
    createdAt: instant('created_at').default(now).notNull(),
  },
  (table) => [primaryKey({ columns: [table.modelId, table.validFrom] })],
);

export const litellmObjects = bookkeeping.table(
  'litellm_objects',
  {
    proxyId: text('proxy_id').notNull(),
    kind: text('kind').notNull(),
    remoteId: text('remote_id').notNull(),
    localId: text('local_id'),
    state: text('state').notNull(),
    reason: text('reason'),
    error: text('error'),
    snapshot: jsonb('snapshot'),
    remote: jsonb('remote'),
    firstSeenAt: instant('first_seen_at').default(now).notNull(),
    lastSeenAt: instant('last_seen_at').default(now).notNull(),
    lastSeenGeneration: bigInteger('last_seen_generation'),
  },
  (table) => [primaryKey({ columns: [table.proxyId, table.kind, table.remoteId] })],
);

export const syncRuns = bookkeeping.table('sync_runs', {
  id: bigint('id', { mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
  proxyId: text('proxy_id').notNull(),
  kind: text('kind').notNull(),
  state: text('state').notNull(),
  actor: text('actor'),
  counts: jsonb('counts')
    .default(sql`'{}'::jsonb`)
    .notNull(),
  cursor: jsonb('cursor'),
  error: jsonb('error'),
  startedAt: instant('started_at').default(now).notNull(),
  updatedAt: instant('updated_at').default(now).notNull(),
  finishedAt: instant('finished_at'),
});

export const importCursors = bookkeeping.table(
  'import_cursors',
  {
    source: text('source').notNull(),
    entity: text('entity').notNull(),
    position: jsonb('position').notNull(),
    updatedAt: instant('updated_at').default(now).notNull(),
  },
  (table) => [primaryKey({ columns: [table.source, table.entity] })],
);

export const changes = bookkeeping.table('changes', {
  id: bigint('id', { mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
  batchId: uuid('batch_id').notNull(),
  action: text('action').notNull(),
  recordKind: text('record_kind').notNull(),
  recordId: text('record_id').notNull(),
  partOf: bigInteger('part_of'),
  before: jsonb('before'),
  after: jsonb('after'),
  reason: text('reason'),
  actor: text('actor').notNull(),
  undoes: bigInteger('undoes'),
  createdAt: instant('created_at')
    .default(sql`clock_timestamp()`)
    .notNull(),
});

export const deletedRows = bookkeeping.table('deleted_rows', {
  id: bigint('id', { mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
  batchId: uuid('batch_id').notNull(),
  recordKind: text('record_kind').notNull(),
  recordId: text('record_id').notNull(),
  schemaName: text('schema_name').notNull(),
  tableName: text('table_name').notNull(),
  fate: text('fate').notNull(),
  content: jsonb('content').notNull(),
  leftOut: text('left_out')
    .array()
    .default(sql`'{}'::text[]`)
    .notNull(),
});

export const movedAside = bookkeeping.table(
  'moved_aside',
  {
    recordKind: text('record_kind').notNull(),
    recordId: text('record_id').notNull(),
    batchId: uuid('batch_id').notNull(),
    way: text('way').notNull(),
    action: text('action').notNull(),
    label: text('label').notNull(),
    version: text('version'),
    reason: text('reason'),
    actor: text('actor').notNull(),
    createdAt: instant('created_at')
      .default(sql`clock_timestamp()`)
      .notNull(),
  },
  (table) => [primaryKey({ columns: [table.recordKind, table.recordId] })],
);

export const outbox = bookkeeping.table('outbox', {
  id: bigint('id', { mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
  changeId: bigInteger('change_id').notNull(),
  proxyId: text('proxy_id').notNull(),
  recordKind: text('record_kind').notNull(),
  recordId: text('record_id').notNull(),
  fields: text('fields').array().notNull(),
  taken: text('taken')
    .array()
    .default(sql`'{}'::text[]`)
    .notNull(),
  state: text('state').default('waiting').notNull(),
  createdAt: instant('created_at')
    .default(sql`clock_timestamp()`)
    .notNull(),
  leasedBy: uuid('leased_by'),
  leasedUntil: instant('leased_until'),
  triedAt: instant('tried_at'),
  problem: text('problem'),
});

export const keyIntents = bookkeeping.table('key_intents', {
  id: uuid('id').primaryKey(),
  proxyId: text('proxy_id').notNull(),
  keyHash: text('key_hash').notNull(),
  actor: text('actor').notNull(),
  createdAt: instant('created_at')
    .default(sql`clock_timestamp()`)
    .notNull(),
  leasedUntil: instant('leased_until').notNull(),
  absentSince: instant('absent_since'),
});

export const usageRanges = bookkeeping.table('usage_ranges', {
  rangeStart: instant('range_start').primaryKey(),
  rangeEnd: instant('range_end').notNull(),
  state: text('state').notNull(),
  rowCount: bigInteger('row_count'),
  checksum: text('checksum'),
  updatedAt: instant('updated_at').default(now).notNull(),
});

export const usageFacts = bookkeeping
  .view('usage_facts', {
    id: uuid('id'),
    createdAt: instant('created_at'),
    subscriptionId: uuid('subscription_id'),
    apiKeyId: uuid('api_key_id'),
    userId: uuid('user_id'),
    teamId: uuid('team_id'),
    modelId: varchar('model_id', { length: 255 }),
    requestTokens: bigInteger('request_tokens'),
    responseTokens: bigInteger('response_tokens'),
    totalCost: numeric('total_cost', { precision: 21, scale: 12 }),
    latencyMs: integer('latency_ms'),
    statusCode: integer('status_code'),
    errorMessage: text('error_message'),
    litellmRequestId: text('litellm_request_id'),
    unattributedReason: text('unattributed_reason'),
    litellmUserId: text('litellm_user_id'),
    litellmTeamId: text('litellm_team_id'),
    litellmKeyId: text('litellm_key_id'),
    litellmModelGroup: text('litellm_model_group'),
    refusedByLitellm: boolean('refused_by_litellm'),
  })
  .existing();

export const routines = bookkeeping.table('routines', {
  name: text('name').primaryKey(),
  number: integer('number').notNull(),
  hash: text('hash').notNull(),
  appliedAt: instant('applied_at')
    .default(sql`clock_timestamp()`)
    .notNull(),
});
