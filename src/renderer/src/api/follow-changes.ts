import type { QueryClient, QueryKey } from '@tanstack/react-query';
import { currentConnection, onConnectionChange } from './app-state';

/** At most this often: a pull announces each page it wrote. */
const readAgainEveryMs = 1_000;

/** What a change in the database says nothing about: the console itself, and what a remote proxy answers. */
function isUnaffected([area, procedure]: QueryKey): boolean {
  return area === 'app' || (area === 'sync' && procedure === 'test');
}

/** What is about the console, not about the open database. */
function outlivesWorkspace([area]: QueryKey): boolean {
  return area === 'app' || area === 'workspace';
}

/**
 * Lets screens read again when this console changed data, and forgets everything of a workspace that was closed.
 * @returns how to stop it.
 */
export function followChanges(queryClient: QueryClient): () => void {
  let workspaceId = currentConnection().state?.workspace?.id ?? null;
  let schema = currentConnection().state?.workspace?.schema ?? null;
  let dataRevision = currentConnection().state?.dataRevision ?? null;
  let timer: ReturnType<typeof setTimeout> | null = null;
  const readAgain = (): void => {
    timer = null;
    void queryClient.invalidateQueries({ predicate: ({ queryKey }) => !isUnaffected(queryKey) });
  };
  let readAt = 0;
  const readAgainSoon = (): void => {
    if (timer !== null) return;
    const waitMs = Math.max(0, readAt + readAgainEveryMs - performance.now());
    readAt = performance.now() + waitMs;
    timer = setTimeout(readAgain, waitMs);
  };
  const stop = onConnectionChange(() => {
    const { state } = currentConnection();
    if (state === null) return;
    const nextWorkspaceId = state.workspace?.id ?? null;
    const nextSchema = state.workspace?.schema ?? null;
    if (nextWorkspaceId !== workspaceId) {
      queryClient.removeQueries({ predicate: ({ queryKey }) => !outlivesWorkspace(queryKey) });
      readAgainSoon();
    } else if (state.dataRevision !== dataRevision || nextSchema !== schema) {
      readAgainSoon();
    }
    workspaceId = nextWorkspaceId;
    schema = nextSchema;
    dataRevision = state.dataRevision;
  });
  return () => {
    if (timer !== null) clearTimeout(timer);
    stop();
  };
}
