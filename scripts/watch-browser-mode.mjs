import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { buildWhenNeeded, newestProgram, newestSource } from './build-when-needed.mjs';
import { projectPath, say } from './project.mjs';
import { exitOf } from './run-child.mjs';

const watchEveryMs = 1_000;

/**
 * Browser mode that is built again whenever a source changes, and started again unless only screens changed: those
 * need no more than a reload of the page. Answers the exit code once the console has ended.
 */
export async function watchBrowserMode(args) {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stopping.abort());
  let running = null;
  for (;;) {
    const builtFrom = newestSource();
    const programFrom = newestProgram();
    const buildCode = await buildWhenNeeded();
    if (buildCode !== 0) say('the build failed; waiting for the next change.');
    else if (running?.programFrom === programFrom) say('the screens were built again: reload the page.');
    else running = await startAgain(running, args, programFrom);

    const change = changeAfter(builtFrom, stopping.signal);
    const hasChanged = await Promise.race([change, ...(running ? [running.exit.then(() => false)] : [])]);
    if (!hasChanged) {
      stopping.abort();
      return running ? await running.exit : buildCode;
    }
  }
}

async function startAgain(running, args, programFrom) {
  if (running) {
    running.child.kill('SIGTERM');
    await running.exit;
  }
  const noSecondPage = running ? ['--no-open'] : [];
  const program = projectPath('out', 'main', 'browser.js');
  const child = spawn(process.execPath, [program, ...args, ...noSecondPage], { stdio: 'inherit' });
  return { child, exit: exitOf(child), programFrom };
}

/** True once a source is newer than `time`; false when aborted. */
async function changeAfter(time, signal) {
  while (newestSource() <= time) {
    const isAborted = await delay(watchEveryMs, false, { signal }).catch(() => true);
    if (isAborted) return false;
  }
  return true;
}
