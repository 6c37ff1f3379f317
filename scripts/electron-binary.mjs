import { spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { projectPath, say } from './project.mjs';
import { exitOf } from './run-child.mjs';

const downloadLimitMs = 60_000;
const packageFolder = projectPath('node_modules', 'electron');

/**
 * Where Electron's program is, or null. Looks at the package's files only: `require('electron')` would start a
 * download.
 */
export function findElectron(folder = packageFolder) {
  try {
    const executable = readFileSync(join(folder, 'path.txt'), 'utf8').trim();
    const path = join(process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(folder, 'dist'), executable);
    return existsSync(path) ? path : null;
  } catch {
    return null;
  }
}

/** Why Electron could not run here even if it were present; null when nothing is known to be in the way. */
export function reasonAgainstElectron({
  environment = process.env,
  platform = process.platform,
  userId = process.getuid?.(),
} = {}) {
  if (platform !== 'linux') return null;
  if (userId === 0)
    return 'Electron runs as root only without its sandbox, which the console does not give up';
  if (!environment.DISPLAY && !environment.WAYLAND_DISPLAY) return 'there is no display';
  const kernelRefuses =
    readNumber('/proc/sys/kernel/apparmor_restrict_unprivileged_userns') === 1 ||
    readNumber('/proc/sys/kernel/unprivileged_userns_clone') === 0;
  if (kernelRefuses && !hasSandboxHelper()) {
    return 'this kernel refuses the sandbox of programs that are not installed by the system';
  }
  return null;
}

/**
 * Gets Electron's program with the package's own installer. Answers its path, or null when it could not be had
 * within a minute. Ctrl-C stops the download and the console.
 */
export async function downloadElectron({ folder = packageFolder, limitMs = downloadLimitMs } = {}) {
  say('downloading the Electron program once, at most a minute (LITEMAAS_NO_DOWNLOAD=1 prevents it)…');
  const installer = spawn(process.execPath, [join(folder, 'install.js')], { stdio: 'ignore' });
  let timedOut = false;
  const limit = setTimeout(() => {
    timedOut = true;
    installer.kill('SIGKILL');
  }, limitMs);
  const code = await exitOf(installer);
  clearTimeout(limit);
  if (code > 128 && !timedOut) process.exit(code);
  return findElectron(folder);
}

/** The helper program that may set up a sandbox where the kernel refuses it to others. */
function hasSandboxHelper() {
  const stats = statSync(join(packageFolder, 'dist', 'chrome-sandbox'), { throwIfNoEntry: false });
  return stats !== undefined && stats.uid === 0 && (stats.mode & 0o4000) !== 0;
}

function readNumber(path) {
  try {
    return Number(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
