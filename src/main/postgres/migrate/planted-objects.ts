import type pg from 'pg';
import { tables } from '../relations';
import { readSearchPath } from './search-path-schemas';
import { plantedQuery } from './planted-query';

/** Something that waits in a database and is neither ours nor an extension's. */
export interface PlantedObject {
  /** As PostgreSQL calls it in ALTER and DROP: `FUNCTION`, `OPERATOR CLASS`, `CAST`. */
  readonly kind: string;
  /** With its schema, and the types of its arguments. */
  readonly name: string;
}

export interface PlantedObjects {
  /** The first 20. */
  readonly found: readonly PlantedObject[];
  readonly count: number;
}

/**
 * Finds functions, operators, types, casts, event triggers, rules and triggers and their like that wait where migrations create and where
 * sessions of the role may look names up: `public`, our own schemas, and those of a search path that is set for the
 * role or the database. Casts, event triggers and default operator classes count wherever they are: they need no
 * schema to be used.
 *
 * What an extension owns is no stranger, nor in a database of ours (`isOurs`) what our migrations made, if it still
 * belongs to whom the ledger or the database does. In an empty database nothing is ours yet.
 */
export async function findPlantedObjects(client: pg.ClientBase, isOurs: boolean): Promise<PlantedObjects> {
  const schemas = [...new Set(['public', 'litemaas_console', 'drizzle', ...(await readSearchPath(client))])];
  const { rows } = await client.query<PlantedObject & { readonly count: number }>(plantedQuery, [
    schemas,
    isOurs,
    ourPublicFunctions,
    ourPublicTables,
  ]);
  return { found: rows.map(({ kind, name }) => ({ kind, name })), count: rows[0]?.count ?? 0 };
}

const ourPublicTables = Object.values(tables).flatMap((name) =>
  name.startsWith('public.') ? [name.slice('public.'.length)] : [],
);

/** Every function that any state of our migrations has in `public`, with its arguments' types as the catalogue names them. */
const ourPublicFunctions = [
  'check_subscription_quota()',
  'effective_subscription_status(public.subscription_status, pg_catalog.timestamptz)',
  'join_default_team()',
  'keep_former_audit_user()',
  'keep_former_usage_owner()',
  'keep_subscription_owner()',
  'refuse_to_empty_api_keys()',
  'update_updated_at_column()',
  'update_usage_summary()',
];
