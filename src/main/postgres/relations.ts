import { SQL, sql, type SQLChunk, type SQLWrapper } from 'drizzle-orm';

/**
 * Where each relation of the console's own schema lies. This is the one place that names them: sessions run with
 * `search_path = pg_catalog, pg_temp`, so that a bare name finds nothing of a database's own.
 */
export const tables = {
  users: 'public.users',
  models: 'public.models',
  teams: 'public.teams',
  team_members: 'public.team_members',
  subscriptions: 'public.subscriptions',
  api_keys: 'public.api_keys',
  api_key_models: 'public.api_key_models',
  usage_logs: 'public.usage_logs',
  usage_logs_default: 'public.usage_logs_default',
  usage_summaries: 'public.usage_summaries',
  audit_logs: 'public.audit_logs',
  active_subscriptions: 'public.active_subscriptions',
  api_keys_with_models: 'public.api_keys_with_models',
  usage_statistics: 'public.usage_statistics',
  settings: 'litemaas_console.settings',
  usage_daily: 'litemaas_console.usage_daily',
  usage_monthly: 'litemaas_console.usage_monthly',
  usage_latency: 'litemaas_console.usage_latency',
  unattributed_usage: 'litemaas_console.unattributed_usage',
  usage_facts: 'litemaas_console.usage_facts',
  usage_ranges: 'litemaas_console.usage_ranges',
  subscription_events: 'litemaas_console.subscription_events',
  model_prices: 'litemaas_console.model_prices',
  litellm_objects: 'litemaas_console.litellm_objects',
  sync_runs: 'litemaas_console.sync_runs',
  import_cursors: 'litemaas_console.import_cursors',
  changes: 'litemaas_console.changes',
  outbox: 'litemaas_console.outbox',
  key_intents: 'litemaas_console.key_intents',
  deleted_rows: 'litemaas_console.deleted_rows',
  moved_aside: 'litemaas_console.moved_aside',
} as const;

export type RelationName = keyof typeof tables;

/** What a dialect puts in the place of each relation that is read: a qualified name, or a SELECT in parentheses. */
export type Dialect = (relation: RelationName) => SQL;

/** Our own schema: every relation is the table of its name. */
export const ownDialect: Dialect = (relation) => sql.raw(tables[relation]);

/** A relation in a FROM or JOIN, before the connection's dialect says what stands for it. */
class RelationReference implements SQLWrapper {
  constructor(
    readonly relation: RelationName,
    readonly alias: string,
  ) {}

  getSQL(): SQL {
    return this.inDialect(ownDialect);
  }

  /** drizzle would put what it asks for by `getSQL` in parentheses. */
  shouldOmitSQLParens(): boolean {
    return true;
  }

  inDialect(dialect: Dialect): SQL {
    return sql`${dialect(this.relation)} AS ${sql.identifier(this.alias)}`;
  }
}

/**
 * A relation to read from: `FROM ${from('users', 'u')}`. Which SQL stands for it is the connection's to say when it runs
 * the statement (design: "Dialects").
 * @param alias what the statement calls its rows; by default the relation's own name.
 */
export function from(relation: RelationName, alias: string = relation): SQL {
  return sql`${new RelationReference(relation, alias)}`;
}

/** A table to write to, in any dialect the very table: `UPDATE ${table('users')} AS u SET …`. */
export function table(relation: RelationName): SQL {
  return sql.raw(tables[relation]);
}

/** The statement with each relation it reads as `dialect` has it. */
export function inDialect(statement: SQL, dialect: Dialect): SQL {
  const chunks = statement.queryChunks.map((chunk): SQLChunk => {
    if (chunk instanceof RelationReference) return chunk.inDialect(dialect);
    return chunk instanceof SQL ? inDialect(chunk, dialect) : chunk;
  });
  return sql.join(chunks);
}
