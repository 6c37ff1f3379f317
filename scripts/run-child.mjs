import { spawn } from 'node:child_process';
import { constants } from 'node:os';

const signals = process.platform === 'win32' ? ['SIGINT', 'SIGTERM'] : ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs a program in the foreground and answers its exit code (128 + number for a signal, as shells do; 127 when
 * it could not be started). Signals sent to this process are passed on, so that the program ends first and in its
 * own way.
 * @returns {Promise<number>}
 */
export function runChild(command, args, options = {}) {
  const child = spawn(command, args, { stdio: 'inherit', ...options });
  return exitOf(child);
}

/**
 * The exit code of a child that was started elsewhere; passes signals on until it has ended.
 * @returns {Promise<number>}
 */
export function exitOf(child) {
  return new Promise((resolve) => {
    const forward = (signal) => {
      // A terminal sends Ctrl-C to the whole group: passing it on would make it two.
      if (signal === 'SIGINT' && process.stdin.isTTY) return;
      child.kill(signal);
    };
    const finish = (code) => {
      for (const signal of signals) process.removeListener(signal, forward);
      resolve(code);
    };
    for (const signal of signals) process.on(signal, forward);
    child.once('error', () => finish(127));
    child.once('exit', (code, signal) => finish(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
}
