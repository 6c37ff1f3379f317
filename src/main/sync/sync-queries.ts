import { type SQL, sql } from 'drizzle-orm';
import * as z from 'zod';
import type { CheckedInputOf, Contract, ResultOf } from '../../shared/contract/index';
import type { RemoteObject } from '../../shared/contract/sync';
import { bigInteger, instant, recordedDecimal } from '../../shared/contract/values';
import { plainDecimal } from '../../shared/decimal';
import { redact } from '../../shared/redact';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';
import { type ListSource, readPage } from '../records/list-query';
import { anyOf, containing, parseSearch } from '../records/search-text';
import type { OpenWorkspace } from '../workspace/open-workspace';
import { keyReference } from '../litellm/link/linked-client';
import { wayOf } from '../litellm/link/way-to-proxy';
import { readLink } from '../litellm/link/proxy-link';
import { readLastRun, readRuns } from '../litellm/pull/store/sync-runs';

type Sync = Contract['sync'];

/** What the Sync screen shows: the link, the last run, what has no home, what could not be attributed. */
export async function readStatus(
  workspace: OpenWorkspace,
  signal: AbortSignal,
): Promise<ResultOf<Sync['status']>> {
  const stored = await workspace.database.read(signal, async (connection) => {
    const link = await readLink(connection);
    return {
      link,
      last: link === null ? null : await readLastRun(connection, link.baseUrl),
      homeless: link === null ? [] : await countHomeless(connection, link.baseUrl),
      unattributed: await countUnattributed(connection),
    };
  });
  const { link, last } = stored;
  const key = link === null ? null : await workspace.secrets.get(keyReference(workspace, link.baseUrl));
  return {
    link:
      link === null ? null : { ...link, hasKey: key?.state === 'found', ...wayOf(workspace, link.baseUrl) },
    lastRun: last?.summary ?? null,
    resumable: last?.resumable ?? false,
    spendUpTo: last?.spend?.upTo ?? null,
    homeless: stored.homeless,
    unattributed: stored.unattributed,
  };
}

const homelessCount = z.strictObject({ kind: z.string(), reason: z.string(), count: z.int() });
const unattributedSum = z.strictObject({ requests: bigInteger, cost: recordedDecimal });

async function countHomeless({ select }: Connection, proxyId: string) {
  return select(
    homelessCount,
    sql`
    SELECT kind, COALESCE(reason, state) AS reason, count(*)::int AS count FROM ${from('litellm_objects')}
    WHERE proxy_id = ${proxyId} AND state = 'homeless' GROUP BY 1, 2 ORDER BY 1, 2`,
  );
}

async function countUnattributed({ select }: Connection): Promise<{ requests: string; cost: string }> {
  const [row] = await select(
    unattributedSum,
    sql`
    SELECT count(*) AS requests, COALESCE(sum(total_cost), 0) AS cost FROM ${from('unattributed_usage')}`,
  );
  return { requests: row?.requests ?? '0', cost: plainDecimal(row?.cost ?? '0') };
}

export async function readHistory(
  connection: Connection,
  { page, pageSize, sort }: CheckedInputOf<Sync['history']>,
): Promise<ResultOf<Sync['history']>> {
  return readRuns(connection, { page, pageSize, ascending: sort?.direction === 'asc' });
}

const sortColumns = { kind: sql`o.kind`, remoteId: sql`o.remote_id`, seenAt: sql`o.last_seen_at` } as const;

/**
 * The proxy's objects as we know them. An object that is still there was seen by the last complete scan; only what went
 * missing has a time of its own.
 */
export async function readObjectList(
  connection: Connection,
  input: CheckedInputOf<Sync['objects']>,
): Promise<ResultOf<Sync['objects']>> {
  const link = await readLink(connection);
  if (link === null) return { rows: [], total: 0, totalIsExact: true };
  const { ids, ...count } = await readPage(connection, objectsSource(link.baseUrl, input), input);
  return { rows: await objectRows(connection, link.baseUrl, ids), ...count };
}

const objectId = sql`o.kind || ' ' || o.remote_id`;

/** What the list of a proxy's objects, its count and its export have in common; by default sorted by kind. */
export function objectsSource(
  proxyId: string,
  { sort, search, filters }: CheckedInputOf<Sync['objects']>,
): ListSource {
  const conditions: SQL[] = [sql`o.proxy_id = ${proxyId}`];
  if (filters.kind !== undefined) conditions.push(sql`o.kind = ${filters.kind}`);
  if (filters.state !== undefined) conditions.push(sql`o.state = ${filters.state}`);
  const searched = parseSearch(search);
  // A pasted key is known here by its hash, which is the key's remote id.
  if (searched.kind === 'key') conditions.push(sql`o.remote_id = ${searched.keyHash}`);
  if (searched.kind === 'text') conditions.push(anyOf(containing(searched, [sql`o.remote_id`, objectName])));
  const direction = sort?.direction === 'desc' ? sql`DESC` : sql`ASC`;
  const order = sort === undefined ? sql`` : sql`${sortColumns[sort.field]} ${direction},`;
  return {
    from: from('litellm_objects', 'o'),
    id: objectId,
    where: conditions,
    orderBy: sql`${order} o.kind ${direction}, o.remote_id ${direction}`,
    searched: searched.kind === 'text',
  };
}

/** The objects of these ids as the contract has them, in the order of `ids`. */
export async function objectRows(
  connection: Connection,
  proxyId: string,
  ids: readonly string[],
): Promise<RemoteObject[]> {
  const rows = await connection.select(
    objectRow,
    sql`
    SELECT ${objectId} AS id, o.kind, o.remote_id, o.local_id, ${objectName} AS name, o.state,
      o.reason, CASE WHEN o.state = 'missing' THEN o.last_seen_at ELSE GREATEST(o.last_seen_at, scan.at) END AS seen_at
    FROM ${from('litellm_objects', 'o')}
    CROSS JOIN (
      SELECT max(finished_at) AS at FROM ${from('sync_runs')}
      WHERE proxy_id = ${proxyId} AND state = 'succeeded'
    ) AS scan
    WHERE o.proxy_id = ${proxyId} AND ${objectId} = ANY(${sql.param(ids)}::text[])`,
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => {
    const row = byId.get(id);
    if (row === undefined) return [];
    const { kind, state, reason } = row;
    const name = row.name === null ? null : redact(row.name);
    return [
      {
        id,
        kind,
        remoteId: row.remote_id,
        localId: row.local_id,
        name,
        state,
        reason,
        seenAt: row.seen_at,
      },
    ];
  });
}

const objectRow = z.strictObject({
  id: z.string(),
  kind: z.string(),
  remote_id: z.string(),
  local_id: z.string().nullable(),
  name: z.string().nullable(),
  state: z.string(),
  reason: z.string().nullable(),
  seen_at: instant,
});

const objectName = sql`COALESCE(o.remote ->> 'username', o.remote ->> 'name', o.remote ->> 'problem')`;
