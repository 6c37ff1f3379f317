import type { SyncEntity } from '../../../shared/contract/sync';
import type { Connection } from '../../postgres/database';
import type { CheckedRows, RejectedRow } from '../mapping/values';
import { applyPage, type Entity, type PageItem, type Scan } from './store/apply-page';
import {
  forgetObject,
  noteMissing,
  type ObjectKind,
  type RemoteObject,
  readObjects,
  sameObject,
  saveObjects,
} from './store/remote-objects';
import { saveProgress } from './store/sync-runs';
import { count, type PullContext } from './pull-context';
import { say } from '../../kernel/say';

export const pageSize = 100;

export interface RemotePage<Row> extends CheckedRows<Row> {
  /** How many objects the proxy says there are. */
  readonly total: number;
  /** All objects in one answer, however many: no page follows. */
  readonly isWhole: boolean;
}

export interface PagedList<Row> {
  readonly entity: SyncEntity;
  /** Stable while the job runs: "Pull users". */
  readonly title: string;
  readonly record: Entity;
  read(page: number): Promise<RemotePage<Row>>;
  /** Maps a page; may look up what it refers to. */
  map(connection: Connection, rows: readonly Row[]): Promise<PageItem[]>;
  /** A name under which a row is kept aside that cannot be read; never a key. */
  rejectedId(row: RejectedRow): string;
}

/**
 * Reads a paged list to its end, each page into one transaction. Pages shift while people work, so objects are told
 * apart by id, and a scan that did not see as many as the proxy counts is made once more. Only a scan that saw
 * everything says what is missing; one that still falls short is said to be incomplete.
 */
export async function scanPages<Row>(context: PullContext, list: PagedList<Row>): Promise<void> {
  const { run, workspace, signal } = context;
  const resumedAt = run.cursor.page?.entity === list.entity ? run.cursor.page.number : 1;
  const seen = new Set<string>();
  let total = await scan(context, list, resumedAt, seen);
  if (resumedAt === 1 && seen.size < total) total = await scan(context, list, 1, seen);
  if (resumedAt !== 1) return;
  const { kind } = list.record;
  const incomplete = incompleteList(list.entity);
  await workspace.database.batch(signal, async (connection) => {
    if (seen.size < total) return saveChanged(connection, context, kind, [incomplete]);
    await forgetObject(connection, context.proxyId, kind, incomplete.remoteId);
    await noteMissing(connection, scanOf(context), kind, [...seen]);
  });
}

/** Said on screen, because what the proxy has more than it showed is not here. */
function incompleteList(entity: SyncEntity): RemoteObject {
  const homeless = { localId: null, state: 'homeless', agreement: null, remote: null } as const;
  return { ...homeless, remoteId: `incomplete:${entity}`, reason: 'list_incomplete' };
}

/** Returns the total that the last page told. */
async function scan<Row>(
  context: PullContext,
  list: PagedList<Row>,
  firstPage: number,
  seen: Set<string>,
): Promise<number> {
  let given = pageSize;
  for (let number = firstPage; ; number += 1) {
    context.report({ title: list.title, detail: say('litellm.pull.page', { number }), done: seen.size });
    const page = await list.read(number);
    const pages = Math.max(number, Math.ceil(page.total / pageSize));
    const detail = say('litellm.pull.pageOf', { number, pages });
    context.report({ title: list.title, detail, done: seen.size, total: Math.max(page.total, seen.size) });
    for (const id of await storePage(context, list, number, page, seen)) seen.add(id);
    const length = page.rows.length + page.rejected.length;
    // What stands between may give smaller pages than were asked for: then only the total tells how many there are.
    if (number === firstPage && length < page.total) given = Math.min(length, pageSize);
    const isLast = length < given || (given < pageSize && number * given >= page.total);
    if (page.isWhole || isLast || length === 0) return page.total;
  }
}

/** One page in one transaction. Returns the ids on it. */
async function storePage<Row>(
  context: PullContext,
  list: PagedList<Row>,
  number: number,
  page: RemotePage<Row>,
  seen: ReadonlySet<string>,
): Promise<string[]> {
  const { run } = context;
  return storeBatch(context, list.entity, async (connection) => {
    const items = distinct(await list.map(connection, page.rows)).filter((item) => !seen.has(item.remoteId));
    const aside = page.rejected
      .map((row) => unreadableObject(list.rejectedId(row), row))
      .filter((object) => !seen.has(object.remoteId));
    const figures = await applyPage(connection, scanOf(context), list.record, items);
    await saveChanged(connection, context, list.record.kind, aside);
    count(context, list.entity, { ...figures, read: items.length + aside.length });
    count(context, list.entity, { homeless: aside.length });
    run.cursor = { ...run.cursor, page: { entity: list.entity, number: number + 1 } };
    return [...items, ...aside].map((object) => object.remoteId);
  });
}

/**
 * Runs one batch of an entity in a transaction of its own, together with the run's progress. What is rolled back is
 * not counted.
 */
export async function storeBatch<T>(
  { run, workspace, signal }: PullContext,
  entity: SyncEntity,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const before = { entity: { ...run.entities[entity] }, cursor: run.cursor };
  try {
    return await workspace.database.batch(signal, async (connection) => {
      const result = await work(connection);
      await saveProgress(connection, run);
      return result;
    });
  } catch (error) {
    run.entities[entity] = before.entity;
    run.cursor = before.cursor;
    throw error;
  }
}

export function scanOf({ proxyId, run }: PullContext): Scan {
  return { proxyId, generation: run.id };
}

/** Saves those objects that are new or differ from what is known of them. */
export async function saveChanged(
  connection: Connection,
  context: PullContext,
  kind: ObjectKind,
  objects: readonly RemoteObject[],
): Promise<void> {
  if (objects.length === 0) return;
  const ids = objects.map((object) => object.remoteId);
  const known = await readObjects(connection, context.proxyId, kind, ids);
  const changed = objects.filter((object) => {
    const before = known.get(object.remoteId);
    return before === undefined || !sameObject(before, object);
  });
  await saveObjects(connection, scanOf(context), kind, changed);
}

/** The content is not kept: where a row is not as expected, a secret may be where none should be. */
export function unreadableObject(remoteId: string, row: RejectedRow): RemoteObject {
  const remote = { problem: row.problem };
  return { remoteId, localId: null, state: 'homeless', reason: 'unreadable', agreement: null, remote };
}

function distinct(items: readonly PageItem[]): PageItem[] {
  return [...new Map(items.map((item) => [item.remoteId, item])).values()];
}
