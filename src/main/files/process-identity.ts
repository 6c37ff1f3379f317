import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const execFileAsync = promisify(execFile);
const inspectionTimeoutMs = 5_000;
/** The kernel reports start times in 1/100 s to every program on all Linux platforms Node runs on (USER_HZ). */
const linuxTicksPerSecond = 100;

/** A process as a lock file names it: a pid alone may belong to another program after a crash or a reboot. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When that process began, in the words of its operating system; only compared for equality. */
  readonly startedAt: string;
}

export interface InspectedProcess extends ProcessIdentity {
  readonly startedAtEpochSeconds: number;
}

/** The process with this pid, or null when there is none (a zombie counts as none: it can do nothing any more). */
export async function inspectProcess(pid: number): Promise<InspectedProcess | null> {
  if (!Number.isSafeInteger(pid) || pid <= 0) return null;
  if (process.platform === 'linux') return inspectOnLinux(pid);
  return process.platform === 'win32' ? inspectOnWindows(pid) : inspectWithPs(pid);
}

/** True while exactly this process runs: same pid and same start. */
export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  const found = await inspectProcess(identity.pid);
  return found !== null && found.startedAt === identity.startedAt;
}

let own: Promise<ProcessIdentity> | undefined;

/** This process. */
export function currentProcess(): Promise<ProcessIdentity> {
  own ??= inspectProcess(process.pid).then((found) => ({
    pid: process.pid,
    startedAt: found?.startedAt ?? `unknown-${String(process.pid)}`,
  }));
  return own;
}

async function inspectOnLinux(pid: number): Promise<InspectedProcess | null> {
  const [stat, bootId, kernel] = await Promise.all([
    readFile(`/proc/${String(pid)}/stat`, 'utf8').catch(() => null),
    readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => ''),
    readFile('/proc/stat', 'utf8').catch(() => ''),
  ]);
  if (stat === null) return null;
  // The program's name is in parentheses and may itself contain spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state] = fields;
  const ticks = fields[19];
  if (ticks === undefined || state === 'Z' || state === 'X') return null;
  const bootedAt = Number(/^btime (\d+)$/m.exec(kernel)?.[1] ?? '0');
  return {
    pid,
    startedAt: `${bootId.trim()}:${ticks}`,
    startedAtEpochSeconds: bootedAt + Number(ticks) / linuxTicksPerSecond,
  };
}

async function inspectWithPs(pid: number): Promise<InspectedProcess | null> {
  const output = await execFileAsync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
    timeout: inspectionTimeoutMs,
    env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
  }).catch(() => null);
  const [line = ''] = (output?.stdout ?? '').trim().split('\n', 1);
  const [state = ''] = line.split(/\s/, 1);
  const startedAt = line.slice(state.length).trim();
  if (startedAt === '' || state.startsWith('Z')) return null;
  return { pid, startedAt, startedAtEpochSeconds: Date.parse(`${startedAt} UTC`) / 1000 };
}

async function inspectOnWindows(pid: number): Promise<InspectedProcess | null> {
  const script = `(Get-Process -Id ${String(pid)}).StartTime.ToUniversalTime().ToString('o')`;
  const output = await execFileAsync(
    'powershell.exe',
    ['-NoProfile', '-NonInteractive', '-Command', script],
    {
      timeout: inspectionTimeoutMs,
      windowsHide: true,
    },
  ).catch(() => null);
  const startedAt = output?.stdout.trim();
  if (startedAt === undefined || startedAt === '') return null;
  return { pid, startedAt, startedAtEpochSeconds: Date.parse(startedAt) / 1000 };
}
