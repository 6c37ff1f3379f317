export { createLocalServer } from './local-server';
export type {
  LocalServer,
  LocalServerDescription,
  LocalServerFacts,
  LocalServerOptions,
} from './local-server';
export type { LocalServerStatus } from './server-status';
export type { RunningLocalServer } from './ensure-running';
export { localSignIn } from './owner-database';
export type { LocalConnection } from './owner-database';
