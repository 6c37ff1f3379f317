import { mostRecent, type RecordName } from '../../../shared/contract/search';
import { recordKinds } from '../../../shared/records/index';

const keyOf = (workspaceId: string): string => `litemaas.recent.${workspaceId}`;

/** What was picked last in a workspace, the latest first: kinds and ids only, names stay in the database. */
export function readRecent(workspaceId: string): readonly RecordName[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(keyOf(workspaceId)) ?? '[]');
    return Array.isArray(stored) ? stored.filter(isRecordName).slice(0, mostRecent) : [];
  } catch {
    return [];
  }
}

export function rememberRecent(workspaceId: string, { kind, id }: RecordName): void {
  const others = readRecent(workspaceId).filter((other) => other.kind !== kind || other.id !== id);
  try {
    localStorage.setItem(keyOf(workspaceId), JSON.stringify([{ kind, id }, ...others].slice(0, mostRecent)));
  } catch {
    // A full or forbidden store only means that the pick is not remembered.
  }
}

function isRecordName(value: unknown): value is RecordName {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, id } = value as Partial<Record<string, unknown>>;
  return (
    typeof id === 'string' && id !== '' && id.length <= 255 && recordKinds.some((known) => known === kind)
  );
}
