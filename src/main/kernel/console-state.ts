import { EventEmitter, once } from 'node:events';
import type { AppState, WorkspaceState } from '../../shared/contract/app';
import type { Jobs } from './jobs';

const longPollMs = 25_000;

/**
 * The state every screen shares, with a revision that grows by each change. Screens wait for the next revision
 * (a long poll), which works alike over IPC and over HTTP and needs no second way in.
 */
export interface ConsoleState {
  setWorkspace(workspace: WorkspaceState | null): void;
  patchWorkspace(change: Partial<WorkspaceState>): void;
  workspace(): WorkspaceState | null;
  /** Data in the open database changed: screens read again. */
  dataChanged(): void;
  /** Something else that the state shows changed (a job moved on). */
  touch(): void;
  /** Resolves once the state is newer than `sinceRevision`, at the latest after 25 s or when aborted. */
  watch(sinceRevision: number, signal: AbortSignal): Promise<AppState>;
}

export function createConsoleState(jobs: () => Jobs): ConsoleState {
  const changes = new EventEmitter();
  changes.setMaxListeners(0);
  let revision = 0;
  let dataRevision = 0;
  let workspace: WorkspaceState | null = null;

  const touch = (): void => {
    revision += 1;
    changes.emit('change');
  };
  const snapshot = (): AppState => ({ revision, workspace, dataRevision, jobs: jobs().list() });

  return {
    setWorkspace(next) {
      workspace = next;
      dataRevision += 1;
      touch();
    },
    patchWorkspace(change) {
      if (workspace === null) return;
      const next = { ...workspace, ...change };
      if (JSON.stringify(next) === JSON.stringify(workspace)) return;
      workspace = next;
      touch();
    },
    workspace: () => workspace,
    dataChanged() {
      dataRevision += 1;
      touch();
    },
    touch,
    async watch(sinceRevision, signal) {
      if (revision <= sinceRevision) {
        const limit = AbortSignal.any([signal, AbortSignal.timeout(longPollMs)]);
        await once(changes, 'change', { signal: limit }).catch(() => undefined);
      }
      return snapshot();
    },
  };
}
