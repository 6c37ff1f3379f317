import type { ConsoleState } from '../kernel/console-state';
import type { Jobs } from '../kernel/jobs';
import type { AreaHandlers } from '../router/handlers';
import type { SecretStore } from '../workspace/secrets';

interface AppHandlersOptions {
  readonly state: ConsoleState;
  readonly jobs: Jobs;
  readonly secrets: SecretStore;
  readonly dataFolder: string;
  readonly host: 'desktop' | 'browser';
  readonly version: string;
}

/** What can be asked without any database. */
export function createAppHandlers(options: AppHandlersOptions): AreaHandlers<'app'> {
  const { state, jobs, secrets, dataFolder, host, version } = options;
  return {
    watch: ({ sinceRevision }, { signal }) => state.watch(sinceRevision, signal),
    info: async () => ({
      version,
      host,
      platform: `${process.platform} ${process.arch}`,
      node: process.versions.node,
      dataFolder,
      secretStore: await secrets.status(),
    }),
    cancelJob: ({ jobId }) => Promise.resolve({ found: jobs.cancel(jobId) }),
  };
}
