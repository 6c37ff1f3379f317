import { type SQL, sql } from 'drizzle-orm';
import * as z from 'zod';
import { bigInteger } from '../../../shared/contract/values';
import { lockUntilCommit } from '../../postgres/advisory-locks';
import type { Connection, Database } from '../../postgres/database';
import { from, table } from '../../postgres/relations';

/** So long an object is left to the console that sends it; each call ends far sooner. */
const leaseSeconds = 120;
/** What brought no answer may still be at work over there: it is not sent again sooner. */
const restSeconds = 10;

/** Which rows of the outbox are sent. */
export interface SendScope {
  readonly proxyId: string;
  /** Those of one batch; null for all. */
  readonly batchId: string | null;
  /** Those of one key; null for all. */
  readonly keyId: string | null;
  /** A person asked for it: also what was refused or is in conflict is tried again. */
  readonly again: boolean;
}

/** An object that this console may send: all that waits of it. */
export interface ClaimedObject {
  readonly recordId: string;
  /** Ids of its rows, the newest last. */
  readonly rows: readonly string[];
  /** The contract's names. */
  readonly fields: ReadonlySet<string>;
  readonly taken: ReadonlySet<string>;
}

const claimedRow = z.strictObject({
  id: bigInteger,
  record_id: z.string(),
  fields: z.array(z.string()),
  taken: z.array(z.string()),
});

/** SQL: the rows `o` that a scope is about, in whatever state. */
function inScope({ proxyId, batchId, keyId }: SendScope): SQL {
  return sql`o.proxy_id = ${proxyId} AND o.record_kind = 'api_key' AND o.state <> 'done'
    AND (${keyId}::text IS NULL OR o.record_id = ${keyId}::text)
    AND (${batchId}::uuid IS NULL OR EXISTS (
      SELECT FROM ${from('changes', 'c')} WHERE c.id = o.change_id AND c.batch_id = ${batchId}::uuid))`;
}

/** SQL: whether `o` gets an alias that a key which was rotated has not given up yet over there. */
const waitsForAlias = sql`('litellmKeyAlias' = ANY(o.fields) AND EXISTS (
  SELECT FROM ${from('outbox', 'giving')}
  JOIN ${from('changes', 'given')} ON given.id = giving.change_id AND given.action = 'API_KEY_ROTATE'
  JOIN ${from('changes', 'got')} ON got.id = o.change_id AND got.batch_id = given.batch_id
  WHERE giving.proxy_id = o.proxy_id AND giving.id < o.id AND giving.record_id <> o.record_id
    AND giving.state IN ('waiting', 'sending', 'unknown')))`;

/**
 * Takes the next object to send, what takes access away first. All that waits of it goes together, and no other console
 * sends it meanwhile; one that was killed while it sent has left it to whoever comes after its lease.
 * @param owner this console's own id.
 * @param tried objects that were tried already: what is newer of them than that is tried too.
 */
export function claimNext(
  database: Database,
  scope: SendScope,
  owner: string,
  tried: readonly ClaimedObject[],
  signal: AbortSignal,
): Promise<ClaimedObject | null> {
  return database.write(signal, async ({ run, select }) => {
    await run(lockUntilCommit('send'));
    const rows = await select(
      claimedRow,
      sql`
      WITH next AS (
        SELECT o.record_id FROM ${from('outbox', 'o')}
        WHERE ${inScope(scope)} AND NOT EXISTS (
            SELECT FROM unnest(${sql.param(tried.map(({ recordId }) => recordId))}::text[],
              ${sql.param(tried.map(newestOf))}::bigint[]) AS t (record_id, newest)
            WHERE t.record_id = o.record_id AND o.id <= t.newest)
          AND (o.state = 'waiting' OR (o.state = 'sending' AND o.leased_until < clock_timestamp())
            OR (o.state = 'unknown' AND (cardinality(o.taken) > 0
              OR o.tried_at < clock_timestamp() - make_interval(secs => ${restSeconds})))
            OR (${scope.again} AND o.state IN ('refused', 'conflict')))
          AND NOT ${waitsForAlias}
          AND NOT EXISTS (
            SELECT FROM ${from('outbox', 'held')}
            WHERE held.proxy_id = o.proxy_id AND held.record_kind = o.record_kind AND held.record_id = o.record_id
              AND held.state = 'sending' AND held.leased_until >= clock_timestamp())
        GROUP BY o.record_id ORDER BY bool_or(cardinality(o.taken) > 0) DESC, min(o.id) LIMIT 1
      )
      UPDATE ${table('outbox')} AS o
      SET state = 'sending', leased_by = ${owner}::uuid, tried_at = clock_timestamp(),
        leased_until = clock_timestamp() + make_interval(secs => ${leaseSeconds})
      FROM next
      WHERE o.proxy_id = ${scope.proxyId} AND o.record_kind = 'api_key' AND o.record_id = next.record_id
        AND o.state <> 'done'
      RETURNING o.id::text AS id, o.record_id, o.fields, o.taken`,
    );
    const [first] = rows;
    if (first === undefined) return null;
    const inOrder = rows.sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1));
    return {
      recordId: first.record_id,
      rows: inOrder.map(({ id }) => id),
      fields: new Set(inOrder.flatMap(({ fields }) => fields)),
      taken: takenBy(inOrder),
    };
  });
}

const newestOf = ({ rows }: ClaimedObject): string => rows.at(-1) ?? '0';

/** What takes access away in the end: a newer row says anew of its fields whether they do. */
function takenBy(inOrder: readonly z.infer<typeof claimedRow>[]): Set<string> {
  const taken = new Set<string>();
  for (const row of inOrder) {
    for (const field of row.fields) taken.delete(field);
    for (const field of row.taken) taken.add(field);
  }
  return taken;
}

/** How a claimed object stands after it was tried. */
export interface Settlement {
  readonly state: 'waiting' | 'unknown' | 'refused' | 'conflict' | 'done';
  readonly problem: string | null;
  /** The contract's names of what LiteLLM still does not have; absent: all of it. */
  readonly left?: readonly string[];
  /** Of what is left: what takes no access away any more. */
  readonly isTaken?: readonly string[];
}

/** Writes down how it stands, in the newest row of the object; what another console took over since is left to it. */
export async function settle(
  { run }: Connection,
  claimed: ClaimedObject,
  owner: string,
  { state, problem, left, isTaken = [] }: Settlement,
): Promise<void> {
  const { rows, fields, taken } = claimed;
  const newest = newestOf(claimed);
  const waits = left ?? [...fields];
  const takes = [...taken].filter((field) => waits.includes(field) && !isTaken.includes(field));
  await run(sql`
    UPDATE ${table('outbox')} SET state = 'done', problem = NULL, leased_by = NULL, leased_until = NULL
    WHERE id = ANY(${sql.param(state === 'done' ? [...rows] : rows.slice(0, -1))}::bigint[]) AND leased_by = ${owner}::uuid`);
  if (state === 'done') return;
  await run(sql`
    UPDATE ${table('outbox')} SET state = ${state}, problem = ${problem}, leased_by = NULL, leased_until = NULL,
      fields = ${sql.param(waits)}::text[], taken = ${sql.param(takes)}::text[]
    WHERE id = ${newest}::bigint AND leased_by = ${owner}::uuid`);
}

/** Says of everything in scope that waits why it can't be sent. */
export async function noteProblem({ run }: Connection, scope: SendScope, problem: string): Promise<void> {
  await run(sql`
    UPDATE ${table('outbox')} AS o SET problem = ${problem}, tried_at = clock_timestamp()
    WHERE ${inScope(scope)} AND o.state IN ('waiting', 'unknown')`);
}

const heldRow = z.strictObject({ held: z.boolean() });

/** Whether somebody sends one of the objects of a scope just now. */
export async function isHeld({ select }: Connection, scope: SendScope): Promise<boolean> {
  const [row] = await select(
    heldRow,
    sql`SELECT EXISTS (
      SELECT FROM ${from('outbox', 'o')} JOIN ${from('outbox', 'held')}
        ON held.proxy_id = o.proxy_id AND held.record_kind = o.record_kind AND held.record_id = o.record_id
      WHERE ${inScope(scope)} AND held.state = 'sending' AND held.leased_until >= clock_timestamp()) AS held`,
  );
  return row?.held === true;
}

const openRow = z.strictObject({ state: z.string(), total: z.int() });

/** How many objects in scope LiteLLM has not heard of, by state. */
export async function countOpen(
  { select }: Connection,
  scope: SendScope,
): Promise<ReadonlyMap<string, number>> {
  const rows = await select(
    openRow,
    sql`SELECT o.state, count(DISTINCT o.record_id)::int AS total FROM ${from('outbox', 'o')}
        WHERE ${inScope(scope)} GROUP BY o.state`,
  );
  return new Map(rows.map(({ state, total }) => [state, total]));
}

const sentRow = z.strictObject({ sent: z.int() });

/** How many keys of a batch LiteLLM has heard of. */
export async function countSent({ select }: Connection, batchId: string): Promise<number> {
  const [row] = await select(
    sentRow,
    sql`SELECT count(*)::int AS sent FROM ${from('outbox', 'o')} JOIN ${from('changes', 'c')} ON c.id = o.change_id
        WHERE c.batch_id = ${batchId} AND o.record_kind = 'api_key' AND o.state = 'done'`,
  );
  return row?.sent ?? 0;
}
