import { execFile } from 'node:child_process';
import { readFile, readlink, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { errnoOf } from '../files/atomic-file';
import { inspectProcess } from '../files/process-identity';

const execFileAsync = promisify(execFile);
const inspectionTimeoutMs = 5_000;
/** The server writes its own start time a moment after the process began; clocks that were set move it too. */
const startToleranceSeconds = 10;

/** What PostgreSQL's lock file says (src/include/utils/pidfile.h gives the lines). */
export interface PostmasterFile {
  readonly processId: number;
  readonly startedAtEpochSeconds: number;
  readonly port: number;
  readonly status: 'starting' | 'stopping' | 'ready' | 'unknown';
}

/** Reads `postmaster.pid` of a cluster; null when there is none or it is not whole yet. */
export async function readPostmasterFile(cluster: string): Promise<PostmasterFile | null> {
  let text: string;
  try {
    text = await readFile(join(cluster, 'postmaster.pid'), 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return null;
    throw error;
  }
  const lines = text.split(/\r?\n/);
  const processId = Number(lines[0]);
  if (!Number.isSafeInteger(processId) || processId <= 0) return null;
  const status = (lines[7] ?? '').trim();
  return {
    processId,
    startedAtEpochSeconds: Number(lines[2]),
    port: Number(lines[3]),
    status: status === 'starting' || status === 'stopping' || status === 'ready' ? status : 'unknown',
  };
}

/**
 * True when the process named in the lock file is the server of this cluster, and not another program that got
 * the pid of a dead one. Linux tells for certain: the server works in its data folder. Elsewhere the start time
 * and the program's name decide.
 */
export async function isServerOf(cluster: string, file: PostmasterFile): Promise<boolean> {
  const found = await inspectProcess(file.processId);
  if (found === null) return false;
  if (process.platform === 'linux') {
    try {
      const [workingFolder, expected] = await Promise.all([
        readlink(`/proc/${String(file.processId)}/cwd`),
        realpath(cluster),
      ]);
      return workingFolder === expected;
    } catch {
      // Another user's process, or gone meanwhile: a server of ours would be readable.
      return false;
    }
  }
  const nearStart =
    Math.abs(found.startedAtEpochSeconds - file.startedAtEpochSeconds) <= startToleranceSeconds;
  return nearStart && /postgres/i.test(await programOf(file.processId));
}

/** The server's lock file if its server runs now, else null. */
export async function findRunningServer(cluster: string): Promise<PostmasterFile | null> {
  const file = await readPostmasterFile(cluster);
  return file !== null && (await isServerOf(cluster, file)) ? file : null;
}

async function programOf(processId: number): Promise<string> {
  const pid = String(processId);
  const [program, parameters] =
    process.platform === 'win32'
      ? (['tasklist', ['/fi', `PID eq ${pid}`, '/fo', 'csv', '/nh']] as const)
      : (['ps', ['-o', 'comm=', '-p', pid]] as const);
  const output = await execFileAsync(program, [...parameters], {
    timeout: inspectionTimeoutMs,
    windowsHide: true,
  }).catch(() => null);
  return output?.stdout ?? '';
}
