import { spawn } from 'node:child_process';
import { AppError } from '../../shared/errors';
import type { ServerAccount } from './server-account';
import { say } from '../kernel/say';
import { cancelled, throwIfCancelled } from '../kernel/cancelled';

const keptOutputCharacters = 64 * 1024;
const killAfterMs = 5_000;

export interface ProgramResult {
  readonly exitCode: number | null;
  /** The last 64 K characters of both outputs together. */
  readonly output: string;
}

export interface ProgramOptions {
  readonly account: ServerAccount | null;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly folder?: string;
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Runs one of PostgreSQL's programs to its end. Throws `cancelled` when the signal aborts and `local_server`
 * when it can't be started or does not end in time; a failing program is the caller's to judge.
 */
export async function runProgram(
  file: string,
  parameters: readonly string[],
  options: ProgramOptions,
): Promise<ProgramResult> {
  throwIfCancelled(options.signal);
  return new Promise((resolve, reject) => {
    const child = spawn(file, parameters, {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: programEnvironment(options.environment),
      windowsHide: true,
      ...(options.folder === undefined ? {} : { cwd: options.folder }),
      ...accountOptions(options.account),
    });
    let output = '';
    let ending: AppError | undefined;
    let killTimer: NodeJS.Timeout | undefined;
    const end = (reason: AppError): void => {
      ending ??= reason;
      child.kill('SIGTERM');
      killTimer ??= setTimeout(() => child.kill('SIGKILL'), killAfterMs);
    };
    const onAbort = (): void => {
      end(cancelled());
    };
    const timer = setTimeout(() => {
      end(
        new AppError(
          'local_server',
          say('localServer.programTooLong', { file, seconds: String(options.timeoutMs / 1000) }),
        ),
      );
    }, options.timeoutMs);
    const finish = (settle: () => void): void => {
      clearTimeout(timer);
      clearTimeout(killTimer);
      options.signal?.removeEventListener('abort', onAbort);
      settle();
    };
    options.signal?.addEventListener('abort', onAbort, { once: true });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (chunk: string) => {
        output = (output + chunk).slice(-keptOutputCharacters);
      });
    }
    // A program that ends without reading its input closes the pipe; its exit code tells the story.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
    child.on('error', (cause) => {
      finish(() => {
        reject(
          new AppError(
            'local_server',
            say('localServer.programNotStarted', { file, reason: cause.message }),
            { cause },
          ),
        );
      });
    });
    child.on('close', (exitCode) => {
      finish(() => {
        if (ending === undefined) resolve({ exitCode, output });
        else reject(ending);
      });
    });
  });
}

/** Only what PostgreSQL needs: no secret of ours, and no PGDATA or PGOPTIONS of the person, reaches the server. */
export function programEnvironment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const kept = ['PATH', 'SystemRoot', 'SystemDrive', 'TEMP', 'TMP', 'TMPDIR', 'HOME', 'USERPROFILE'];
  const environment: NodeJS.ProcessEnv = { LC_ALL: 'C', ...extra };
  for (const name of kept) {
    const value = process.env[name];
    if (value !== undefined) environment[name] = value;
  }
  return environment;
}

/** How `spawn` is told to run a program as the server's account. */
export function accountOptions(account: ServerAccount | null): { uid?: number; gid?: number } {
  return account === null ? {} : { uid: account.userId, gid: account.groupId };
}
