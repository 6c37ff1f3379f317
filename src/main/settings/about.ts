import { join } from 'node:path';
import type { Contract, ResultOf } from '../../shared/contract/index';
import { findBinaries } from '../local-server/binaries';
import type { DataFolder } from '../files/data-folder';

export type About = ResultOf<Contract['settings']['about']>;

interface AboutOptions {
  readonly host: 'desktop' | 'browser';
  /** The console's own. */
  readonly version: string;
  readonly folder: DataFolder;
}

/** What runs here, in which versions, and where it keeps its files. */
export async function about({ host, version, folder }: AboutOptions): Promise<About> {
  const { node, electron, chrome } = process.versions as Readonly<Record<string, string | undefined>>;
  return {
    version,
    host,
    platform: `${process.platform} ${process.arch}`,
    node: node ?? '',
    electron: electron ?? null,
    chromium: chrome ?? null,
    shippedPostgres: await findBinaries(import.meta.url).then(
      (binaries) => binaries.version,
      // Optional on this platform: connecting to a server works without.
      () => null,
    ),
    folders: {
      data: folder.path,
      localDatabase: folder.serverFolder,
      log: join(folder.path, 'logs', 'console.log'),
    },
  };
}
