import { join } from 'node:path';

/**
 * The local server's folder:
 *
 *     current/            one rename sets all of it aside
 *       cluster/          PostgreSQL's data, owned by the account the server runs as
 *       credentials.json  0600: the passwords of this cluster
 *       server.json       port, and which console started the server
 *       server.log        what PostgreSQL says
 *     making-…/           a `current` that is being made; renamed when complete, so an unfinished one shows
 *     set-aside-…/        what was set aside, never deleted by the console
 *     binaries-…/         only for root: a copy of PostgreSQL that the server's account can reach
 *     server.lock         held while a console makes, starts or stops the server
 */
export interface ServerLayout {
  readonly folder: string;
  readonly lock: string;
  readonly current: string;
}

export interface ClusterLayout {
  readonly folder: string;
  readonly cluster: string;
  readonly credentials: string;
  readonly serverRecord: string;
  readonly log: string;
}

export const makingPrefix = 'making-';
export const setAsidePrefix = 'set-aside-';

export function serverLayout(serverFolder: string): ServerLayout {
  return {
    folder: serverFolder,
    lock: join(serverFolder, 'server.lock'),
    current: join(serverFolder, 'current'),
  };
}

export function clusterLayout(folder: string): ClusterLayout {
  return {
    folder,
    cluster: join(folder, 'cluster'),
    credentials: join(folder, 'credentials.json'),
    serverRecord: join(folder, 'server.json'),
    log: join(folder, 'server.log'),
  };
}
