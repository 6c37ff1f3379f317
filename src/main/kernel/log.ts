import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { redact } from '../../shared/redact';

const maxBytes = 5_000_000;

export type LogEntry = { readonly event: string } & Readonly<
  Record<string, string | number | boolean | null>
>;

/** The console's log: one JSON object per line, redacted. It holds names and durations, never inputs or results. */
export interface Log {
  write(entry: LogEntry): void;
  /** An unexpected failure with its stack, redacted. */
  error(where: string, error: unknown): void;
}

/** Writes `logs/console.log` in the data folder; past 5 MB the old file becomes `console.1.log`. */
export function createFileLog(dataFolder: string, now: () => Date = () => new Date()): Log {
  const folder = join(dataFolder, 'logs');
  const path = join(folder, 'console.log');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  let bytes = sizeOf(path);

  function append(entry: object): void {
    const line = `${redact(JSON.stringify({ at: now().toISOString(), ...entry }))}\n`;
    try {
      if (bytes > maxBytes) {
        renameSync(path, join(folder, 'console.1.log'));
        bytes = 0;
      }
      appendFileSync(path, line, { mode: 0o600 });
      bytes += Buffer.byteLength(line);
    } catch {
      // A full disk must not turn every call into a failure; the calls themselves report it.
    }
  }

  return {
    write: append,
    error(where, error) {
      append({
        event: 'error',
        where,
        stack: error instanceof Error ? (error.stack ?? error.message) : String(error),
      });
    },
  };
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
