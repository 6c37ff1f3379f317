import { sql, type SQL } from 'drizzle-orm';
import { accessAction } from '../../shared/contract/audit';
import type { CheckedInputOf, Contract } from '../../shared/contract/index';
import type { Connection } from '../postgres/database';
import { type ListSource, orderBy } from '../records/list-query';
import { relatedMatch } from '../records/record-source';
import { from } from '../postgres/relations';
import { anyOf, parseSearch, type Search, type TextSearch } from '../records/search-text';
import { userSource } from '../users/users-list';
import { distinctActions, distinctResourceTypes } from './audit-facets';

export type AuditListInput = CheckedInputOf<Contract['audit']['list']>;

const id = sql`a.id`;
/** Literals, so that the partial and expression indexes (migration 0011) are recognised. */
const isNoAccess = sql.raw(`a.action <> '${accessAction}'`);
export const batchIdOf = sql.raw(`a.metadata ->> 'batchId'`);
export const osUserOf = sql.raw(`a.metadata #>> '{operator,osUser}'`);

/** What the list, its count and its export have in common; the newest first. */
export async function auditSource(
  connection: Connection,
  input: AuditListInput,
  timeZone: string,
): Promise<ListSource> {
  const direction = input.sort?.direction ?? 'desc';
  const search = parseSearch(input.search);
  const found = await auditSearch(connection, search);
  return {
    from: sql`${from('audit_logs', 'a')} ${found.join}`,
    id,
    where: await filterConditions(connection, input.filters, timeZone),
    search: found.where,
    orderBy: orderBy({ expression: sql`a.created_at` }, direction, id),
    searched: search.kind !== 'none',
    costlyToCount: found.isCostly,
  };
}

async function filterConditions(
  connection: Connection,
  filters: AuditListInput['filters'],
  timeZone: string,
): Promise<SQL[]> {
  const { action, resourceType, resourceId, userId, osUser, batchId, from, to } = filters;
  const withAccesses = filters.withAccesses === true || action !== undefined;
  return [
    ...(withAccesses ? [] : [isNoAccess]),
    ...(action === undefined ? [] : [sql`a.action = ${action}`]),
    ...(resourceType === undefined ? [] : [await isOfType(connection, resourceType)]),
    ...(resourceId === undefined ? [] : [sql`a.resource_id = ${resourceId}`]),
    ...(userId === undefined ? [] : [sql`a.user_id = ${userId}`]),
    ...(osUser === undefined ? [] : [sql`${osUserOf} = ${osUser}`]),
    ...(batchId === undefined ? [] : [sql`${batchIdOf} = ${batchId}`]),
    ...(from === undefined ? [] : [sql`a.created_at >= ${from}::date::timestamp AT TIME ZONE ${timeZone}`]),
    ...(to === undefined ? [] : [sql`a.created_at < (${to}::date + 1)::timestamp AT TIME ZONE ${timeZone}`]),
  ];
}

/** In any letter case; as a list of what occurs, so that the index on the type still serves. */
async function isOfType(connection: Connection, resourceType: string): Promise<SQL> {
  const wanted = resourceType.toUpperCase();
  const types = (await distinctResourceTypes(connection)).filter((type) => type.toUpperCase() === wanted);
  const [only] = types;
  return types.length === 1
    ? sql`a.resource_type = ${only}`
    : sql`a.resource_type = ANY (${sql.param(types)}::text[])`;
}

interface AuditSearch {
  readonly where: readonly SQL[];
  readonly join: SQL;
  readonly isCostly: boolean;
}

/**
 * Finds entries by action, by the beginning of the record's id, by who did it, by their own or their batch's id; a
 * pasted key finds what was done to it. What metadata says is not searched: that would read every row.
 */
async function auditSearch(connection: Connection, search: Search): Promise<AuditSearch> {
  switch (search.kind) {
    case 'none':
      return { where: [], join: sql``, isCostly: false };
    case 'key':
      return { where: [isAboutKey(search.keyHash)], join: sql``, isCostly: false };
    case 'text': {
      const people = await relatedMatch(connection, userSource, sql`a.user_id`, search);
      const where = [
        anyOf([
          sql`a.action = ANY (${sql.param(await actionsNamed(connection, search))}::text[])`,
          sql`a.resource_id LIKE ${search.startsWith}`,
          sql`${osUserOf} = ${search.text}`,
          ...(search.uuid === null ? [] : [sql`a.id = ${search.uuid}`, sql`${batchIdOf} = ${search.text}`]),
          ...(search.keyHash === null ? [] : [isAboutKey(search.keyHash)]),
          ...people.conditions,
        ]),
      ];
      // Where an action is named it may be in most of the rows.
      return { where, join: people.join, isCostly: true };
    }
  }
}

/** "user update" finds USER_UPDATE. */
async function actionsNamed(connection: Connection, { text }: TextSearch): Promise<string[]> {
  const plain = (name: string): string => name.toUpperCase().replace(/[\s_-]+/g, '_');
  const wanted = plain(text);
  return (await distinctActions(connection)).filter((action) => plain(action).includes(wanted));
}

function isAboutKey(keyHash: string): SQL {
  return sql`a.resource_id = (SELECT id::text FROM ${from('api_keys')} WHERE key_hash = ${keyHash})`;
}
