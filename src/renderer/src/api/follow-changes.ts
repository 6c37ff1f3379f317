import type { QueryClient, QueryKey } from '@tanstack/react-query';
import { currentConnection, onConnectionChange } from './app-state';

/** At most this often: a pull announces each page it wrote. */
const readAgainEveryMs = 1_000;
/** What looks over the whole database is read again less often while changes go on. */
const costlyAgainEveryMs = 10_000;

/** What a change in the database says nothing about: the console itself, other servers, what a proxy answers. */
const unaffected: ReadonlySet<string> = new Set(['sync.test', 'workspace.discover', 'settings.about']);
const costly: ReadonlySet<string> = new Set(['health.check', 'settings.diagnostics']);

const nameOf = ([area, procedure]: QueryKey): string => `${String(area)}.${String(procedure)}`;
const isUnaffected = (key: QueryKey): boolean =>
  key[0] === 'app' || key[0] === 'licences' || unaffected.has(nameOf(key));
const isCostly = (key: QueryKey): boolean => costly.has(nameOf(key));

/** After a change, what is on screen is waited for this long; a slow database holds nobody up. */
const caughtUpAfterMs = 3_000;

/**
 * Reads again at once what is on screen, and waits for it, at most three seconds: whoever goes on with a record right
 * after changing it goes on from what the change left, and is not told that somebody changed it.
 */
export async function readAgainNow(queryClient: QueryClient): Promise<void> {
  await Promise.race([
    queryClient.invalidateQueries({
      predicate: ({ queryKey }) => !isUnaffected(queryKey) && !isCostly(queryKey),
    }),
    new Promise((resolve) => setTimeout(resolve, caughtUpAfterMs)),
  ]);
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
  const readAgain = (isMeant: (key: QueryKey) => boolean): void =>
    void queryClient.invalidateQueries({ predicate: ({ queryKey }) => isMeant(queryKey) });
  const ordinary = paced(readAgainEveryMs, () => readAgain((key) => !isUnaffected(key) && !isCostly(key)));
  const costlyOnes = paced(costlyAgainEveryMs, () => readAgain(isCostly));
  const readAgainSoon = (): void => {
    ordinary.run();
    costlyOnes.run();
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
    ordinary.stop();
    costlyOnes.stop();
    stop();
  };
}

/** Runs at once, then at most every `everyMs`; the last of several calls is never lost. */
function paced(everyMs: number, work: () => void): { run(): void; stop(): void } {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let ranAt = -everyMs;
  return {
    run() {
      if (timer !== null) return;
      const waitMs = Math.max(0, ranAt + everyMs - performance.now());
      ranAt = performance.now() + waitMs;
      timer = setTimeout(() => {
        timer = null;
        work();
      }, waitMs);
    },
    stop() {
      if (timer !== null) clearTimeout(timer);
    },
  };
}
