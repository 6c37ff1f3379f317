import { sql } from 'drizzle-orm';
import {
  boolean,
  inet,
  integer,
  jsonb,
  numeric,
  pgEnum,
  pgTable,
  pgView,
  primaryKey,
  text,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core';
import { bigInteger, instant } from './column-types';

// Mirrors the documented schema (public) for typed queries. The migrations are the source; a test compares every
// column with a migrated database.

export const subscriptionStatus = pgEnum('subscription_status', [
  'pending',
  'active',
  'suspended',
  'cancelled',
  'expired',
]);

const now = sql`CURRENT_TIMESTAMP`;

export const users = pgTable('users', {
  id: uuid('id').defaultRandom().primaryKey(),
  username: varchar('username', { length: 255 }).notNull(),
  email: varchar('email', { length: 255 }).notNull(),
  fullName: varchar('full_name', { length: 255 }),
  oauthProvider: varchar('oauth_provider', { length: 50 }).notNull(),
  oauthId: varchar('oauth_id', { length: 255 }).notNull(),
  roles: text('roles')
    .array()
    .default(sql`ARRAY['user'::text]`)
    .notNull(),
  isActive: boolean('is_active').default(true).notNull(),
  maxBudget: numeric('max_budget', { precision: 20, scale: 6 }).default('100.00'),
  tpmLimit: bigInteger('tpm_limit').default('1000'),
  rpmLimit: bigInteger('rpm_limit').default('60'),
  syncStatus: varchar('sync_status', { length: 20 }).default('pending').notNull(),
  lastLoginAt: instant('last_login_at'),
  createdAt: instant('created_at').default(now).notNull(),
  updatedAt: instant('updated_at').default(now).notNull(),
});

export const models = pgTable('models', {
  id: varchar('id', { length: 255 }).primaryKey(),
  name: varchar('name', { length: 255 }).notNull(),
  provider: varchar('provider', { length: 100 }).notNull(),
  description: text('description'),
  capabilities: text('capabilities')
    .array()
    .default(sql`ARRAY[]::text[]`)
    .notNull(),
  contextLength: integer('context_length'),
  inputPricePer1k: numeric('input_price_per_1k', { precision: 20, scale: 12 }),
  outputPricePer1k: numeric('output_price_per_1k', { precision: 20, scale: 12 }),
  maxTokens: integer('max_tokens'),
  supportsFunctionCalling: boolean('supports_function_calling').default(false).notNull(),
  supportsVision: boolean('supports_vision').default(false).notNull(),
  litellmProvider: varchar('litellm_provider', { length: 100 }),
  metadata: jsonb('metadata')
    .default(sql`'{}'::jsonb`)
    .notNull(),
  isActive: boolean('is_active').default(true).notNull(),
  createdAt: instant('created_at').default(now).notNull(),
  updatedAt: instant('updated_at').default(now).notNull(),
});

export const teams = pgTable('teams', {
  id: uuid('id').defaultRandom().primaryKey(),
  name: varchar('name', { length: 255 }).notNull(),
  alias: varchar('alias', { length: 255 }),
  description: text('description'),
  createdBy: uuid('created_by'),
  maxBudget: numeric('max_budget', { precision: 20, scale: 6 }).default('1000.00'),
  currentSpend: numeric('current_spend', { precision: 24, scale: 12 }).default('0').notNull(),
  litellmTeamId: varchar('litellm_team_id', { length: 255 }),
  budgetDuration: varchar('budget_duration', { length: 20 }).default('monthly'),
  tpmLimit: bigInteger('tpm_limit').default('10000'),
  rpmLimit: bigInteger('rpm_limit').default('1000'),
  allowedModels: jsonb('allowed_models')
    .default(sql`'[]'::jsonb`)
    .notNull(),
  metadata: jsonb('metadata')
    .default(sql`'{}'::jsonb`)
    .notNull(),
  lastSyncAt: instant('last_sync_at'),
  syncStatus: varchar('sync_status', { length: 20 }).default('pending').notNull(),
  isActive: boolean('is_active').default(true).notNull(),
  createdAt: instant('created_at').default(now).notNull(),
  updatedAt: instant('updated_at').default(now).notNull(),
});

export const teamMembers = pgTable('team_members', {
  id: uuid('id').defaultRandom().primaryKey(),
  teamId: uuid('team_id').notNull(),
  userId: uuid('user_id').notNull(),
  role: varchar('role', { length: 20 }).default('member').notNull(),
  joinedAt: instant('joined_at').default(now).notNull(),
});

export const subscriptions = pgTable('subscriptions', {
  id: uuid('id').defaultRandom().primaryKey(),
  userId: uuid('user_id').notNull(),
  modelId: varchar('model_id', { length: 255 }).notNull(),
  teamId: uuid('team_id'),
  status: subscriptionStatus('status').default('pending').notNull(),
  quotaRequests: bigInteger('quota_requests').default('10000'),
  quotaTokens: bigInteger('quota_tokens').default('1000000'),
  usedRequests: bigInteger('used_requests').default('0').notNull(),
  usedTokens: bigInteger('used_tokens').default('0').notNull(),
  maxBudget: numeric('max_budget', { precision: 20, scale: 6 }).default('100.00'),
  currentSpend: numeric('current_spend', { precision: 24, scale: 12 }).default('0').notNull(),
  budgetDuration: varchar('budget_duration', { length: 20 }).default('monthly'),
  tpmLimit: bigInteger('tpm_limit').default('1000'),
  rpmLimit: bigInteger('rpm_limit').default('60'),
  litellmKeyId: varchar('litellm_key_id', { length: 255 }),
  litellmKeyAlias: varchar('litellm_key_alias', { length: 255 }),
  lastSyncAt: instant('last_sync_at'),
  syncStatus: varchar('sync_status', { length: 20 }).default('pending').notNull(),
  resetAt: instant('reset_at'),
  expiresAt: instant('expires_at'),
  createdAt: instant('created_at').default(now).notNull(),
  updatedAt: instant('updated_at').default(now).notNull(),
  periodStartedAt: instant('period_started_at'),
});

export const apiKeys = pgTable('api_keys', {
  id: uuid('id').defaultRandom().primaryKey(),
  subscriptionId: uuid('subscription_id'),
  userId: uuid('user_id').notNull(),
  name: varchar('name', { length: 255 }),
  keyHash: varchar('key_hash', { length: 255 }).notNull(),
  keyPrefix: varchar('key_prefix', { length: 20 }).notNull(),
  maxBudget: numeric('max_budget', { precision: 20, scale: 6 }).default('100.00'),
  currentSpend: numeric('current_spend', { precision: 24, scale: 12 }).default('0').notNull(),
  budgetDuration: varchar('budget_duration', { length: 20 }).default('monthly'),
  tpmLimit: bigInteger('tpm_limit').default('1000'),
  rpmLimit: bigInteger('rpm_limit').default('60'),
  liteLlmKeyValue: varchar('lite_llm_key_value', { length: 255 }),
  litellmKeyAlias: varchar('litellm_key_alias', { length: 255 }),
  teamId: uuid('team_id'),
  lastSyncAt: instant('last_sync_at'),
  syncStatus: varchar('sync_status', { length: 20 }).default('pending').notNull(),
  lastUsedAt: instant('last_used_at'),
  expiresAt: instant('expires_at'),
  isActive: boolean('is_active').default(true).notNull(),
  createdAt: instant('created_at').default(now).notNull(),
  revokedAt: instant('revoked_at'),
  metadata: jsonb('metadata')
    .default(sql`'{}'::jsonb`)
    .notNull(),
});

export const usageLogs = pgTable(
  'usage_logs',
  {
    id: uuid('id').defaultRandom().notNull(),
    subscriptionId: uuid('subscription_id').notNull(),
    apiKeyId: uuid('api_key_id'),
    teamId: uuid('team_id'),
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
    createdAt: instant('created_at').default(now).notNull(),
    countedTowardsQuota: boolean('counted_towards_quota')
      .default(
        sql`(COALESCE(NULLIF(current_setting('litemaas.count_usage'::text, true), ''::text), 'on'::text))::boolean`,
      )
      .notNull(),
    formerApiKeyId: uuid('former_api_key_id'),
    formerTeamId: uuid('former_team_id'),
    litellmUserId: text('litellm_user_id'),
    litellmTeamId: text('litellm_team_id'),
    litellmKeyId: text('litellm_key_id'),
    litellmModelGroup: text('litellm_model_group'),
    refusedByLitellm: boolean('refused_by_litellm').default(false).notNull(),
  },
  (table) => [primaryKey({ columns: [table.id, table.createdAt] })],
);

export const usageSummaries = pgTable('usage_summaries', {
  id: uuid('id').defaultRandom().primaryKey(),
  subscriptionId: uuid('subscription_id').notNull(),
  modelId: varchar('model_id', { length: 255 }).notNull(),
  periodType: varchar('period_type', { length: 20 }).notNull(),
  periodStart: instant('period_start').notNull(),
  requestCount: bigInteger('request_count').default('0').notNull(),
  totalTokens: bigInteger('total_tokens').default('0').notNull(),
  errorCount: bigInteger('error_count').default('0').notNull(),
  latencySum: bigInteger('latency_sum').default('0').notNull(),
  latencyCount: bigInteger('latency_count').default('0').notNull(),
  avgLatencyMs: numeric('avg_latency_ms', { precision: 16, scale: 3 }).generatedAlwaysAs(
    sql`round(((latency_sum)::numeric / (NULLIF(latency_count, 0))::numeric), 3)`,
  ),
  createdAt: instant('created_at').default(now).notNull(),
});

export const auditLogs = pgTable('audit_logs', {
  id: uuid('id').defaultRandom().primaryKey(),
  userId: uuid('user_id'),
  action: varchar('action', { length: 100 }).notNull(),
  resourceType: varchar('resource_type', { length: 50 }),
  resourceId: varchar('resource_id', { length: 255 }),
  ipAddress: inet('ip_address'),
  userAgent: text('user_agent'),
  metadata: jsonb('metadata')
    .default(sql`'{}'::jsonb`)
    .notNull(),
  createdAt: instant('created_at').default(now).notNull(),
});

export const apiKeyModels = pgTable(
  'api_key_models',
  {
    apiKeyId: uuid('api_key_id').notNull(),
    modelId: varchar('model_id', { length: 255 }).notNull(),
    createdAt: instant('created_at').default(now).notNull(),
  },
  (table) => [primaryKey({ columns: [table.apiKeyId, table.modelId] })],
);

export const activeSubscriptions = pgView('active_subscriptions', {
  id: uuid('id'),
  userId: uuid('user_id'),
  modelId: varchar('model_id', { length: 255 }),
  teamId: uuid('team_id'),
  status: subscriptionStatus('status'),
  quotaRequests: bigInteger('quota_requests'),
  quotaTokens: bigInteger('quota_tokens'),
  usedRequests: bigInteger('used_requests'),
  usedTokens: bigInteger('used_tokens'),
  maxBudget: numeric('max_budget', { precision: 20, scale: 6 }),
  currentSpend: numeric('current_spend', { precision: 24, scale: 12 }),
  budgetDuration: varchar('budget_duration', { length: 20 }),
  tpmLimit: bigInteger('tpm_limit'),
  rpmLimit: bigInteger('rpm_limit'),
  litellmKeyId: varchar('litellm_key_id', { length: 255 }),
  litellmKeyAlias: varchar('litellm_key_alias', { length: 255 }),
  lastSyncAt: instant('last_sync_at'),
  syncStatus: varchar('sync_status', { length: 20 }),
  resetAt: instant('reset_at'),
  expiresAt: instant('expires_at'),
  createdAt: instant('created_at'),
  updatedAt: instant('updated_at'),
  username: varchar('username', { length: 255 }),
  email: varchar('email', { length: 255 }),
  modelName: varchar('model_name', { length: 255 }),
  provider: varchar('provider', { length: 100 }),
  remainingRequests: bigInteger('remaining_requests'),
  remainingTokens: bigInteger('remaining_tokens'),
  totalApiKeys: bigInteger('total_api_keys'),
}).existing();

export const apiKeysWithModels = pgView('api_keys_with_models', {
  id: uuid('id'),
  userId: uuid('user_id'),
  name: varchar('name', { length: 255 }),
  keyPrefix: varchar('key_prefix', { length: 20 }),
  subscriptionId: uuid('subscription_id'),
  isActive: boolean('is_active'),
  createdAt: instant('created_at'),
  lastUsedAt: instant('last_used_at'),
  expiresAt: instant('expires_at'),
  metadata: jsonb('metadata'),
  modelIds: varchar('model_ids').array(),
  modelNames: varchar('model_names').array(),
  modelProviders: varchar('model_providers').array(),
  modelCount: bigInteger('model_count'),
}).existing();

export const usageStatistics = pgView('usage_statistics', {
  userId: uuid('user_id'),
  modelId: varchar('model_id', { length: 255 }),
  usageDate: instant('usage_date'),
  requestCount: bigInteger('request_count'),
  totalTokens: bigInteger('total_tokens'),
  avgLatencyMs: numeric('avg_latency_ms'),
  errorCount: bigInteger('error_count'),
}).existing();
