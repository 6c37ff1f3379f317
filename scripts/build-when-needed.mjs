import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { projectPath, say } from './project.mjs';
import { runChild } from './run-child.mjs';

const sources = ['src', 'migrations', 'tsconfig', 'electron.vite.config.ts', 'package-lock.json'];
/** What the screens alone are made from: the running console reads their files anew. */
const screens = ['src/renderer'];
const outputs = [
  'out/main/index.js',
  'out/main/browser.js',
  'out/main/db-setup.js',
  'out/main/run.js',
  'out/preload/index.cjs',
  'out/renderer/index.html',
];
const stampName = '.built';
const outFolder = projectPath('out');
const stamp = join(outFolder, stampName);
const cacheFolder = projectPath('node_modules', '.cache');
const nextFolder = join(cacheFolder, 'litemaas-next');
const lastFolder = join(cacheFolder, 'litemaas-last');
const lockFolder = join(cacheFolder, 'litemaas-build.lock');

/**
 * Builds main, preload and renderer when something is missing or older than what it is made from.
 * Answers 0, or the exit code of the build that failed. Two callers at once build once.
 * @returns {Promise<number>}
 */
export async function buildWhenNeeded() {
  if (isBuilt()) return 0;
  return withLock(async () => {
    if (isBuilt()) return 0;
    say('building the console…');
    const startedAt = new Date();
    const code = await buildInto(nextFolder);
    if (code !== 0) return code;
    writeFileSync(join(nextFolder, stampName), '');
    // What was saved while the build ran is newer than the stamp and is built next time.
    utimesSync(join(nextFolder, stampName), startedAt, startedAt);
    exchange();
    return 0;
  });
}

function buildInto(folder) {
  rmSync(folder, { recursive: true, force: true });
  const electronVite = projectPath('node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  const args = ['build', projectPath(), '--outDir', folder, '--logLevel', 'warn'];
  return runChild(process.execPath, [electronVite, ...args], { cwd: projectPath() });
}

/** In one step for whoever starts meanwhile: a build takes seconds in which half of it would be there. */
function exchange() {
  rmSync(lastFolder, { recursive: true, force: true });
  if (existsSync(outFolder)) renameSync(outFolder, lastFolder);
  renameSync(nextFolder, outFolder);
  rmSync(lastFolder, { recursive: true, force: true });
}

/** The next start builds again; for whoever writes to `out` in another way. */
export function forgetBuild() {
  rmSync(stamp, { force: true });
}

/** Milliseconds since 1970 of the newest change among what the build is made from. */
export function newestSource() {
  return newestOf(sources);
}

/** The same for everything but the screens. */
export function newestProgram() {
  const inside = readdirSync(projectPath('src')).map((name) => `src/${name}`);
  return newestOf([
    ...inside.filter((path) => !screens.includes(path)),
    ...sources.filter((path) => path !== 'src'),
  ]);
}

function newestOf(paths) {
  return Math.max(...paths.map((path) => newestIn(projectPath(path))));
}

function isBuilt() {
  if (!outputs.every((output) => timeOf(projectPath(output)) > 0)) return false;
  return timeOf(stamp) >= newestSource();
}

/** Folders count too: their time changes when a file is removed. Tests are no part of the build. */
function newestIn(path) {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return 0;
  if (!stats.isDirectory()) return stats.mtimeMs;
  let newest = stats.mtimeMs;
  for (const name of readdirSync(path)) {
    if (!/\.test\.tsx?$/.test(name)) newest = Math.max(newest, newestIn(join(path, name)));
  }
  return newest;
}

function timeOf(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

async function withLock(work) {
  mkdirSync(cacheFolder, { recursive: true });
  while (!takeLock()) await delay(200);
  try {
    return await work();
  } finally {
    rmSync(lockFolder, { recursive: true, force: true });
  }
}

/** A folder is made by one process only. A lock whose process is gone is taken over. */
function takeLock() {
  try {
    mkdirSync(lockFolder);
    writeFileSync(join(lockFolder, 'pid'), String(process.pid));
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  const age = Date.now() - timeOf(lockFolder);
  const holder = readHolder();
  if (holder === undefined ? age > 5_000 : !isRunning(holder))
    rmSync(lockFolder, { recursive: true, force: true });
  return false;
}

function readHolder() {
  try {
    return Number(readFileSync(join(lockFolder, 'pid'), 'utf8')) || undefined;
  } catch {
    return undefined;
  }
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
