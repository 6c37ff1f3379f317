import { randomUUID } from 'node:crypto';
import type { AuditResourceType } from '../../shared/contract/audit';
import { type MainText, say } from '../kernel/say';
import type { Connection } from '../postgres/database';
import type { RelationName } from '../postgres/relations';
import type { OpenWorkspace } from '../workspace/open-workspace';
import { writeJournal } from './journal';
import { type Image, nothing, type OwnKind } from './record-table';
import { writeAudit } from './write-audit';

export interface OwnAction {
  readonly kind: OwnKind;
  readonly resourceType: AuditResourceType;
  /** The tables whose rows it writes; partitions, triggers' own and the bookkeeping of every change aside. */
  readonly tables: readonly RelationName[];
  /** Why it can't be taken back; NULL where it can. */
  readonly noUndo: MainText | null;
}

const ofDatabase = { kind: 'database', resourceType: 'DATABASE' } as const;
const ofProxy = { kind: 'litellm', resourceType: 'LITELLM' } as const;
const ofSetting = { kind: 'setting', resourceType: 'SETTING', tables: ['settings'] } as const;
const demoTables: readonly RelationName[] = [
  'users',
  'teams',
  'team_members',
  'models',
  'model_prices',
  'subscriptions',
  'api_keys',
  'api_key_models',
  'usage_logs',
  'settings',
];

export const ownActions = {
  API_KEY_CREATE: {
    kind: 'api_key',
    resourceType: 'API_KEY',
    tables: ['api_keys', 'api_key_models', 'key_intents', 'litellm_objects'],
    noUndo: null,
  },
  API_KEY_ROTATE: {
    kind: 'api_key',
    resourceType: 'API_KEY',
    tables: ['api_keys', 'api_key_models', 'key_intents', 'litellm_objects', 'outbox'],
    noUndo: 'changes.noUndo.keyRotate',
  },
  DEMO_LOAD: { ...ofDatabase, tables: demoTables, noUndo: 'changes.noUndo.demoLoad' },
  DEMO_REMOVE: { ...ofDatabase, tables: demoTables, noUndo: 'changes.noUndo.demoRemove' },
  HEALTH_REPAIR: { ...ofDatabase, tables: [], noUndo: 'changes.noUndo.repair' },
  LITELLM_LINK: { ...ofProxy, tables: ['settings'], noUndo: 'changes.noUndo.link' },
  LITELLM_UNLINK: { ...ofProxy, tables: ['settings'], noUndo: 'changes.noUndo.unlink' },
  PARTITIONS_CREATE: { ...ofDatabase, tables: [], noUndo: 'changes.noUndo.partitions' },
  REPORTING_TIME_ZONE_UPDATE: { ...ofSetting, noUndo: null },
  REPORTING_TIME_ZONE_UPDATE_UNDO: { ...ofSetting, noUndo: null },
} as const satisfies Readonly<Record<string, OwnAction>>;

export type OwnActionName = keyof typeof ownActions;

/** Why a change cannot be taken back, where that is so by its kind; NULL otherwise. */
export function whyNoUndo(action: string): string | null {
  const known: Readonly<Record<string, OwnAction>> = ownActions;
  const noUndo = Object.hasOwn(known, action) ? (known[action]?.noUndo ?? null) : null;
  return noUndo === null ? null : say(noUndo);
}

export interface OwnChange {
  readonly action: OwnActionName;
  /** What was changed, as journal and audit log name it. */
  readonly id: string;
  /** Without secrets; NULL where it was not there before. */
  readonly before: Image | null;
  readonly after: Image | null;
  /** What else the audit log should say; never a secret. */
  readonly facts?: Readonly<Record<string, unknown>>;
  /** The batch that it belongs to, if not to one of its own; of an undo also the row of the journal it takes back. */
  readonly of?: { readonly batchId: string; readonly undoes: string | null; readonly reason: string | null };
}

/** The audit log names what it is about with at most this many characters. */
const longestId = 255;

/**
 * Records a change of which the kernel does not do the writing, in the transaction of that change: a row of the journal
 * and a line of the audit log, tied by a batch.
 * @returns the id of the journal's row.
 */
export async function recordChange(
  connection: Connection,
  workspace: OpenWorkspace,
  { action, id, before, after, facts, of }: OwnChange,
): Promise<string> {
  const { kind, resourceType } = ownActions[action];
  const { batchId, undoes, reason } = of ?? { batchId: randomUUID(), undoes: null, reason: null };
  const recordId = id.slice(0, longestId);
  const images = { before: before ?? nothing, after: after ?? nothing };
  const entry = { action, kind, id: recordId, ...images, undoes, partOf: null };
  const changeIds = await writeJournal(connection, { id: batchId, reason }, [entry]);
  const changeId = changeIds.get(recordId);
  if (changeId === undefined) throw new Error('the journal wrote no row');
  const metadata = { ...facts, before, after, reason, batchId, changeId };
  await writeAudit(connection, workspace, [{ action, resourceType, resourceId: recordId, metadata }]);
  return changeId;
}
