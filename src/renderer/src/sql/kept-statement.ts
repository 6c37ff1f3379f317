import { mayHoldKey } from '../lists/may-hold-key';

const keyOf = (workspaceId: string): string => `litemaas.sql.${workspaceId}`;

/** Whether a statement may be kept: none that may hold a LiteLLM key. */
export function mayBeKept(statement: string): boolean {
  return !mayHoldKey(statement);
}

/** The statement that was in a workspace's editor when this page was last loaded. */
export function readKeptStatement(workspaceId: string): string {
  try {
    return sessionStorage.getItem(keyOf(workspaceId)) ?? '';
  } catch {
    return '';
  }
}

/** Keeps the editor's statement over a reload of the page, no longer. */
export function keepStatement(workspaceId: string, statement: string): void {
  try {
    if (statement !== '' && mayBeKept(statement)) sessionStorage.setItem(keyOf(workspaceId), statement);
    else sessionStorage.removeItem(keyOf(workspaceId));
  } catch {
    // A full or forbidden store only means that a reload begins with an empty editor.
  }
}
