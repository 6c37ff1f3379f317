import { sql } from 'drizzle-orm';
import * as z from 'zod';
import { deletedField, readWaitingFields } from '../../../changes/outbox';
import type { RecordKind } from '../../../changes/record-table';
import type { Connection } from '../../../postgres/database';
import { from } from '../../../postgres/relations';
import { type Fields, type Mapped, sameValue } from '../../mapping/fields';
import { columnName } from '../../mapping/column-name';
import { localIdFor } from '../../mapping/local-id';
import { findingOf } from '../../mapping/limits';
import { mergeFields } from '../../mapping/merge-fields';
import {
  insertRecords,
  type LocalRecord,
  type RecordTable,
  readRecords,
  updateRecords,
} from './record-table';
import { type ObjectKind, readObjects, type RemoteObject, sameObject, saveObjects } from './remote-objects';

export interface Scan {
  readonly proxyId: string;
  /** The run's id: LiteLLM's objects of this scan are of this generation. */
  readonly generation: string;
}

export interface PageItem {
  readonly remoteId: string;
  readonly mapped: Mapped;
}

/** How one kind of remote object lives in our schema. */
export interface Entity {
  readonly kind: ObjectKind;
  readonly table: RecordTable;
  /** Columns in which LiteLLM is always right. */
  readonly remoteDecides: ReadonlySet<string>;
  /** Our id for a new record; by default a UUID made of proxy, kind and id. */
  readonly newLocalId?: (remoteId: string) => string;
  /** Records of ours that these objects are although no pull has said so yet: remote id → our id. */
  findLocal(connection: Connection, items: readonly PageItem[]): Promise<Map<string, string>>;
  /** Makes values unique where a column asks for it, before they are written. */
  makeUnique?(connection: Connection, records: readonly LocalRecord[]): Promise<LocalRecord[]>;
  /** Adds columns that live in other tables to the records read, and writes them. */
  readonly related?: {
    readonly columns: readonly string[];
    read(connection: Connection, records: ReadonlyMap<string, Fields>): Promise<Map<string, Fields>>;
    write(connection: Connection, records: readonly LocalRecord[]): Promise<void>;
  };
}

export interface PageCounts {
  created: number;
  updated: number;
  unchanged: number;
  homeless: number;
}

/**
 * Brings one page of remote objects into our schema inside the caller's transaction. Compares before it writes: a page
 * that holds nothing new writes nothing at all.
 */
export async function applyPage(
  connection: Connection,
  scan: Scan,
  entity: Entity,
  items: readonly PageItem[],
): Promise<PageCounts> {
  const known = await readObjects(
    connection,
    scan.proxyId,
    entity.kind,
    items.map((item) => item.remoteId),
  );
  const plan = await planPage(connection, scan, entity, items, known);
  const unique = entity.makeUnique ?? ((_connection, records) => Promise.resolve([...records]));
  const created = await unique(
    connection,
    plan.creations.map(({ localId, fields }) => ({ id: localId, fields })),
  );
  await insertRecords(connection, entity.table, created);
  await entity.related?.write(connection, created);
  const updated = await unique(connection, plan.changes);
  await updateRecords(connection, entity.table, updated);
  await entity.related?.write(connection, updated);
  const written = new Map([...created, ...updated].map((record) => [record.id, record.fields]));
  const objects = plan.objects.map((object) => asWritten(object, entity, written));
  await saveObjects(
    connection,
    scan,
    entity.kind,
    objects.filter((object) => {
      const before = known.get(object.remoteId);
      return before === undefined || !sameObject(before, object);
    }),
  );
  const homeless = plan.objects.filter((object) => object.state === 'homeless').length;
  const unchanged = items.length - homeless - created.length - updated.length;
  return { created: created.length, updated: updated.length, homeless, unchanged };
}

interface Plan {
  readonly objects: RemoteObject[];
  readonly creations: { readonly localId: string; readonly fields: Fields }[];
  readonly changes: LocalRecord[];
}

async function planPage(
  connection: Connection,
  scan: Scan,
  entity: Entity,
  items: readonly PageItem[],
  known: ReadonlyMap<string, RemoteObject>,
): Promise<Plan> {
  const withHome = items.filter((item) => item.mapped.home);
  const found = await entity.findLocal(connection, withHome);
  const newLocalId = entity.newLocalId ?? ((remoteId) => localIdFor(scan.proxyId, entity.kind, remoteId));
  const localIdOf = ({ remoteId }: PageItem): string =>
    known.get(remoteId)?.localId ?? found.get(remoteId) ?? newLocalId(remoteId);
  const ids = withHome.map(localIdOf);
  const records = await readRecords(connection, entity.table, ids);
  const locals = (await entity.related?.read(connection, records)) ?? records;
  const waiting = await readWaiting(connection, scan.proxyId, entity.kind, ids);
  const owners = await ownersOf(connection, scan.proxyId, entity.kind, ids);
  const plan: Plan = { objects: [], creations: [], changes: [] };
  for (const item of items) {
    const { remoteId, mapped } = item;
    if (!mapped.home) {
      plan.objects.push(homelessObject(remoteId, mapped.reason, mapped.name ?? null));
      continue;
    }
    const localId = localIdOf(item);
    const owner = owners.get(localId) ?? remoteId;
    owners.set(localId, owner);
    // Two remote ids that mean the same record of ours: the first has it, the other is shown.
    if (owner !== remoteId) plan.objects.push(homelessObject(remoteId, 'duplicate_id', null));
    else if (locals.get(localId) === undefined && waiting.get(localId)?.has(deletedField) === true) {
      // The next pull finds its record by nothing else: our id need not be the one made of LiteLLM's.
      plan.objects.push({ ...homelessObject(remoteId, 'deleted_here', nameOf(mapped.fields)), localId });
    } else {
      const sides = { local: locals.get(localId), known: known.get(remoteId), waiting: waiting.get(localId) };
      planItem(plan, entity, item.remoteId, mapped, localId, sides);
    }
  }
  return plan;
}

/** What a remote object meets here. */
interface Sides {
  readonly local: Fields | undefined;
  readonly known: RemoteObject | undefined;
  /** Columns that wait to be told to the proxy. */
  readonly waiting: ReadonlySet<string> | undefined;
}

/** What the journal and the outbox call objects of a proxy that are changed here. */
const changedKinds: Partial<Record<ObjectKind, RecordKind>> = { user: 'user', team: 'team', key: 'api_key' };

/** Columns that wait to be told to the proxy, by record. */
async function readWaiting(
  connection: Connection,
  proxyId: string,
  kind: ObjectKind,
  ids: readonly string[],
): Promise<Map<string, ReadonlySet<string>>> {
  const changed = changedKinds[kind];
  if (changed === undefined) return new Map();
  const fields = await readWaitingFields(connection, proxyId, changed, ids);
  return new Map([...fields].map(([id, names]) => [id, new Set([...names].flatMap(columnNames))]));
}

/** The columns of a field of the contract. Of a key's models those we know are apart. */
function columnNames(field: string): string[] {
  return field === 'models' ? ['models', 'litellm_models_raw'] : [columnName(field)];
}

function planItem(
  plan: Plan,
  entity: Entity,
  remoteId: string,
  mapped: Extract<Mapped, { home: true }>,
  localId: string,
  { local, known, waiting }: Sides,
): void {
  const { fields, finding } = mapped;
  const linked = { remoteId, localId, remote: fields };
  if (local === undefined) {
    plan.creations.push({ localId, fields });
    plan.objects.push({ ...linked, state: 'linked', reason: finding, agreement: { remote: {}, local: {} } });
    return;
  }
  const merge = mergeFields(fields, local, known?.agreement ?? null, entity.remoteDecides, waiting);
  if (Object.keys(merge.changes).length > 0) plan.changes.push({ id: localId, fields: merge.changes });
  const differs = merge.conflicts.length > 0 && `differs (${merge.conflicts.join(', ')})`;
  plan.objects.push({
    ...linked,
    state: merge.conflicts.length > 0 ? 'conflict' : 'linked',
    reason: findingOf([finding, differs]),
    agreement: merge.agreement,
  });
}

/** The object with what was really written: a name or an address may have had to be made unique on the way. */
function asWritten(object: RemoteObject, entity: Entity, written: ReadonlyMap<string, Fields>): RemoteObject {
  const { localId, agreement, remote } = object;
  if (localId === null || agreement === null || remote === null) return object;
  const fields = written.get(localId) ?? {};
  const compared = Object.keys(fields).filter((column) => isCompared(entity, column));
  const pick = (from: Fields): Fields =>
    Object.fromEntries(compared.map((column) => [column, from[column] ?? null]));
  const complete = {
    remote: { ...agreement.remote, ...pick(remote) },
    local: { ...agreement.local, ...pick(fields) },
  };
  return { ...object, agreement: complete, reason: findingOf([object.reason, takenEmail(complete)]) };
}

function isCompared({ table, related }: Entity, column: string): boolean {
  return (
    column in table.columns || table.metadata.includes(column) || (related?.columns.includes(column) ?? false)
  );
}

/** Two users of the proxy with one address: ours must be unique, so the second one got a placeholder. */
function takenEmail({ remote, local }: { readonly remote: Fields; readonly local: Fields }): string | null {
  const taken =
    remote['email'] !== undefined &&
    local['email'] !== undefined &&
    !sameValue(remote['email'], local['email']);
  return taken ? 'email_taken' : null;
}

function homelessObject(remoteId: string, reason: string, name: string | null): RemoteObject {
  return {
    remoteId,
    localId: null,
    state: 'homeless',
    reason,
    agreement: null,
    remote: name === null ? null : { name },
  };
}

function nameOf({ username, name }: Fields): string | null {
  const named = username ?? name;
  return typeof named === 'string' ? named : null;
}

const ownerRow = z.strictObject({ local_id: z.string(), remote_id: z.string() });

/** Which remote object already is which record of ours. */
async function ownersOf(
  { select }: Connection,
  proxyId: string,
  kind: ObjectKind,
  localIds: readonly string[],
): Promise<Map<string, string>> {
  const rows = await select(
    ownerRow,
    sql`
    SELECT local_id, remote_id FROM ${from('litellm_objects')}
    WHERE proxy_id = ${proxyId} AND kind = ${kind} AND local_id = ANY(${sql.param(localIds)}::text[])`,
  );
  return new Map(rows.map((row) => [row.local_id, row.remote_id]));
}
