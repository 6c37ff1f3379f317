import { getTableColumns } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { valuesOfKeys } from '../../changes/cascade/secret-columns';
import { type RelationName, tables } from '../../postgres/relations';
import { apiKeys } from '../../postgres/schema';

export type TablePrivilege = 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE';

/** One privilege on one relation. */
export interface RelationGrant {
  /** With its schema. */
  readonly relation: string;
  readonly privilege: TablePrivilege;
  /** Of these columns alone; absent: of all, those that come later included. */
  readonly columns?: readonly string[];
}

/** All that a role needs, and no more. */
export interface RoleGrants {
  readonly database: readonly ('CONNECT' | 'TEMPORARY')[];
  /** Schemas that it may look into (USAGE). */
  readonly schemas: readonly string[];
  readonly relations: readonly RelationGrant[];
  /** Functions that it may call (EXECUTE), with the types of their arguments. */
  readonly functions: readonly string[];
}

/** The schemas of the migrations: the document's, the console's own, and that of the ledger. */
export const ownSchemas = ['public', 'litemaas_console', 'drizzle'] as const;

/** What the migrations keep of themselves. */
const ledgers = ['drizzle.__drizzle_migrations', 'litemaas_console.routines'];

const readWhole: readonly RelationName[] = [
  'users',
  'models',
  'teams',
  'team_members',
  'subscriptions',
  'api_key_models',
  'usage_logs',
  'usage_logs_default',
  'usage_summaries',
  'audit_logs',
  'settings',
  'usage_daily',
  'usage_monthly',
  'usage_latency',
  'unattributed_usage',
  'usage_facts',
  'usage_ranges',
  'subscription_events',
  'model_prices',
  'litellm_objects',
  'sync_runs',
  'changes',
  'outbox',
  'moved_aside',
];

/** Sequences of which health says how near their end they are. */
const sequences = ['subscription_events', 'sync_runs', 'changes', 'outbox', 'deleted_rows'].map(
  (name) => `litemaas_console.${name}_id_seq`,
);

/**
 * The columns of API keys without the values. Where a row lies (`tableoid`, `ctid`) tells apart what a deletion reaches.
 */
const columnsWithoutValues = [
  'tableoid',
  'ctid',
  ...Object.values<PgColumn>(getTableColumns(apiKeys)).map(({ name }) => name),
].filter((name) => !valuesOfKeys(tables.api_keys).includes(name));

const readFunctions = [
  'public.effective_subscription_status(public.subscription_status, timestamp with time zone)',
  'litemaas_console.reporting_time_zone()',
  'litemaas_console.usage_is_live(text, timestamp with time zone, timestamp with time zone)',
  'litemaas_console.latency_bounds()',
];

const select = (relation: string): RelationGrant => ({ relation, privilege: 'SELECT' });

/** Reads everything that the screens show, and no value of a key. */
const reader: RoleGrants = {
  database: ['CONNECT'],
  schemas: ownSchemas,
  relations: [
    ...readWhole.map((name) => select(tables[name])),
    { ...select(tables.api_keys), columns: columnsWithoutValues },
    ...ledgers.map(select),
    ...sequences.map(select),
  ],
  functions: readFunctions,
};

/** What an administrator writes besides reading; where columns are named, no others. */
const written: readonly (readonly [RelationName, readonly TablePrivilege[], (readonly string[])?])[] = [
  ['users', ['INSERT', 'UPDATE', 'DELETE']],
  ['models', ['INSERT', 'UPDATE', 'DELETE']],
  ['teams', ['INSERT', 'UPDATE', 'DELETE']],
  ['team_members', ['INSERT', 'UPDATE', 'DELETE']],
  ['subscriptions', ['INSERT', 'UPDATE', 'DELETE']],
  ['api_keys', ['INSERT', 'UPDATE', 'DELETE']],
  ['api_key_models', ['INSERT', 'DELETE']],
  ['usage_logs', ['INSERT', 'UPDATE', 'DELETE']],
  ['unattributed_usage', ['INSERT', 'UPDATE', 'DELETE']],
  ['usage_summaries', ['INSERT', 'DELETE']],
  ['usage_daily', ['INSERT', 'DELETE']],
  ['usage_monthly', ['INSERT', 'DELETE']],
  ['usage_latency', ['INSERT', 'DELETE']],
  ['audit_logs', ['INSERT']],
  // An undone deletion gives entries back whom they are about. No entry is taken away or changed otherwise.
  ['audit_logs', ['UPDATE'], ['user_id', 'metadata']],
  ['settings', ['INSERT', 'UPDATE', 'DELETE']],
  ['subscription_events', ['DELETE']],
  ['model_prices', ['INSERT', 'UPDATE', 'DELETE']],
  ['litellm_objects', ['INSERT', 'UPDATE', 'DELETE']],
  ['sync_runs', ['INSERT', 'UPDATE']],
  ['changes', ['INSERT']],
  ['outbox', ['INSERT', 'DELETE']],
  ['outbox', ['UPDATE'], ['fields', 'taken', 'state', 'leased_by', 'leased_until', 'tried_at', 'problem']],
  ['key_intents', ['SELECT', 'INSERT', 'UPDATE', 'DELETE']],
  ['deleted_rows', ['SELECT', 'INSERT']],
  ['moved_aside', ['INSERT', 'UPDATE', 'DELETE']],
];

/** Makes every change that leaves the schema as it is. Whoever adopts keys of LiteLLM compares their values. */
const administrator: RoleGrants = {
  database: ['CONNECT', 'TEMPORARY'],
  schemas: reader.schemas,
  relations: [
    ...reader.relations.filter(({ relation }) => relation !== tables.api_keys),
    select(tables.api_keys),
    ...written.flatMap(([name, privileges, columns]) =>
      privileges.map((privilege) => ({
        relation: tables[name],
        privilege,
        ...(columns === undefined ? {} : { columns }),
      })),
    ),
  ],
  functions: [...reader.functions, 'litemaas_console.rebuild_usage(text)'],
};

/** The two roles that own nothing. */
export const roleGrants = { reader, administrator } as const;
