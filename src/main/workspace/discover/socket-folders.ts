import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface ServerSocket {
  readonly folder: string;
  readonly port: number;
}

/** The sockets of PostgreSQL servers in these folders, told by their names (`.s.PGSQL.5432`); none is opened. */
export async function findSockets(folders: readonly string[]): Promise<ServerSocket[]> {
  const found = await Promise.all(folders.map(socketsOf));
  return found.flat();
}

async function socketsOf(folder: string): Promise<ServerSocket[]> {
  const names = await readdir(folder).catch(() => []);
  const sockets: ServerSocket[] = [];
  for (const name of names) {
    const port = Number(/^\.s\.PGSQL\.(\d{1,5})$/.exec(name)?.[1]);
    if (!Number.isInteger(port) || port < 1 || port > 65_535) continue;
    const isSocket = await stat(join(folder, name)).then(
      (found) => found.isSocket(),
      () => false,
    );
    if (isSocket) sockets.push({ folder, port });
  }
  return sockets.sort((a, b) => a.port - b.port);
}
