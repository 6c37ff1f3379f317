import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { openTestSession } from '../support/test-session';

/** A session of the test's own in the local database, beside the console's, as the owner of its schema. */
export async function connectToLocal(dataFolder: string): Promise<pg.Client> {
  const folder = join(dataFolder, 'postgres', 'current');
  const read = async <T>(file: string): Promise<T> =>
    JSON.parse(await readFile(join(folder, file), 'utf8')) as T;
  const { port } = await read<{ port: number }>('server.json');
  const { ownerPassword } = await read<{ ownerPassword: string }>('credentials.json');
  return openTestSession({
    host: '127.0.0.1',
    port,
    user: 'litemaas',
    database: 'litemaas',
    password: ownerPassword,
  });
}
