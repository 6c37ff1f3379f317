import { open, rename, stat } from 'node:fs/promises';
import { redact } from '../../shared/redact';
import { errnoOf } from '../files/atomic-file';

const rotateAboveBytes = 8 * 1024 * 1024;
const readAtMostBytes = 1024 * 1024;

/** The last lines of the server's log, oldest first, without secrets; empty when there is no log yet. */
export async function readLogTail(path: string, lines: number): Promise<string[]> {
  const size = await logSize(path);
  const text = await readLogFrom(path, Math.max(0, size - readAtMostBytes));
  return redact(text)
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .slice(-lines);
}

/** What was written to the log past an earlier size: what one start of the server has said. */
export async function readLogFrom(path: string, offset: number): Promise<string> {
  const size = await logSize(path);
  const length = Math.min(size - offset, readAtMostBytes);
  if (length <= 0) return '';
  const handle = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(length);
    const { bytesRead } = await handle.read(buffer, 0, length, size - length);
    return buffer.subarray(0, bytesRead).toString('utf8');
  } finally {
    await handle.close();
  }
}

/** Bytes in the log; 0 when there is none. */
export async function logSize(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return 0;
    throw error;
  }
}

/** Before a start: a large log becomes `server.log.1`, in place of the one before. */
export async function rotateLog(path: string): Promise<void> {
  if ((await logSize(path)) > rotateAboveBytes) await rename(path, `${path}.1`);
}
