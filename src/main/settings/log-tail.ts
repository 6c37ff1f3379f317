import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * The last lines of the console's log, oldest first; where the file has just been renamed away, those before it too.
 * Empty where nothing was logged or the log cannot be read.
 */
export async function readLogTail(logFile: string, lines: number): Promise<string[]> {
  const current = await readLines(logFile);
  if (current.length >= lines) return current.slice(-lines);
  const former = await readLines(join(dirname(logFile), 'console.1.log'));
  return [...former, ...current].slice(-lines);
}

async function readLines(path: string): Promise<string[]> {
  // At most 5 MB: the log is renamed at that size.
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.split('\n').filter((line) => line !== '');
}
