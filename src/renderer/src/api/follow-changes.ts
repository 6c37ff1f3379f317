import type { QueryClient } from '@tanstack/react-query';
import { currentConnection, onConnectionChange } from './app-state';

/**
 * Lets screens read again when this console changed data, and forgets everything of a workspace that was closed.
 * @returns how to stop it.
 */
export function followChanges(queryClient: QueryClient): () => void {
  let workspaceId = currentConnection().state?.workspace?.id ?? null;
  let schema = currentConnection().state?.workspace?.schema ?? null;
  let dataRevision = currentConnection().state?.dataRevision ?? null;
  return onConnectionChange(() => {
    const { state } = currentConnection();
    if (state === null) return;
    const nextWorkspaceId = state.workspace?.id ?? null;
    const nextSchema = state.workspace?.schema ?? null;
    if (nextWorkspaceId !== workspaceId) {
      queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'app' });
    } else if (state.dataRevision !== dataRevision || nextSchema !== schema) {
      void queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'app' });
    }
    workspaceId = nextWorkspaceId;
    schema = nextSchema;
    dataRevision = state.dataRevision;
  });
}
