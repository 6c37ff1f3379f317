import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { SecretTarget } from '../../../src/main/workspace/secrets';

const execFileAsync = promisify(execFile);
const repository = fileURLToPath(new URL('../../../', import.meta.url));
const script = fileURLToPath(new URL('./secret-process.ts', import.meta.url));

export type Step =
  | { readonly do: 'status' }
  | { readonly do: 'get' | 'delete'; readonly target: SecretTarget }
  | { readonly do: 'set'; readonly target: SecretTarget; readonly value: string };

export interface StepResult {
  readonly result: unknown;
  readonly elapsedMs: number;
}

/** What the console finds where it looks for a Secret Service. */
export type Keyring =
  /** No D-Bus session at all, as on a server. */
  | 'no-session'
  /** A D-Bus session in which no program offers the service. */
  | 'no-service'
  | 'unlocked'
  /** The keyring is locked, and nothing can show a prompt. */
  | 'locked'
  /** The service is there and never answers, as one that waits for its prompt. */
  | 'silent'
  /** The session's policy forbids talking to the service. */
  | 'refusing';

/** Why the real keyring can't be tested here; null when it can. */
export function missingForKeyring(): string | null {
  for (const program of ['dbus-run-session', 'dbus-send', 'gnome-keyring-daemon']) {
    const found = (process.env.PATH ?? '').split(':').some((folder) => existsSync(join(folder, program)));
    if (!found) return `${program} is not installed`;
  }
  try {
    createRequire(import.meta.url)('keytar');
    return null;
  } catch (error) {
    return `keytar can't be loaded: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** A home of its own with its own keyring, which survives from session to session. */
export class KeyringHome {
  private constructor(readonly path: string) {}

  static async make(): Promise<KeyringHome> {
    return new KeyringHome(await mkdtemp(join(tmpdir(), 'litemaas-keyring-')));
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  /** Runs the steps in one console within one session. `timeoutMs` shortens what a keychain call may take. */
  async run(keyring: Keyring, steps: readonly Step[], timeoutMs?: number): Promise<StepResult[]> {
    const environment = {
      PATH: process.env.PATH,
      HOME: this.path,
      XDG_DATA_HOME: join(this.path, 'data'),
      XDG_CACHE_HOME: join(this.path, 'cache'),
      XDG_RUNTIME_DIR: this.path,
    };
    const consoleCommand = [
      process.execPath,
      '--import',
      'tsx',
      script,
      this.path,
      timeoutMs === undefined ? '' : String(timeoutMs),
      JSON.stringify(steps),
    ];
    const [program = '', ...parameters] =
      keyring === 'no-session'
        ? consoleCommand
        : [
            'dbus-run-session',
            `--config-file=${await this.writeSessionConfig(keyring)}`,
            '--',
            'sh',
            '-c',
            prepare[keyring],
            'sh',
            ...consoleCommand,
          ];
    const { stdout } = await execFileAsync(program, parameters, {
      cwd: repository,
      env: environment,
      timeout: 50_000,
    });
    const line = stdout.split('\n').find((each) => each.startsWith('[{'));
    if (line === undefined) throw new Error(`the console answered nothing: ${stdout}`);
    return JSON.parse(line) as StepResult[];
  }

  private async writeSessionConfig(keyring: Keyring): Promise<string> {
    const deny = keyring === 'refusing' ? '<deny send_destination="org.freedesktop.secrets"/>' : '';
    const path = join(this.path, `session-${keyring}.conf`);
    // No folders with service files: only what the test starts is on the bus.
    await writeFile(
      path,
      `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
         "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
       <busconfig>
         <type>session</type>
         <listen>unix:tmpdir=/tmp</listen>
         <auth>EXTERNAL</auth>
         <policy context="default">
           <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>${deny}
         </policy>
       </busconfig>`,
    );
    return path;
  }
}

const untilOffered =
  'until dbus-send --session --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner ' +
  'string:org.freedesktop.secrets | grep -q "boolean true"; do sleep 0.05; done';
const unlocked =
  'mkdir -p "$XDG_CACHE_HOME"; printf password | gnome-keyring-daemon --foreground --unlock --components=secrets 2>/dev/null >&2 & ' +
  `daemon=$!; ${untilOffered}`;
/** A console that a silent keyring keeps from exiting ends itself by a signal: its answer tells whether it worked. */
const finish = '"$@"; kill -CONT $daemon; kill $daemon; exit 0';

const prepare: Readonly<Record<Exclude<Keyring, 'no-session'>, string>> = {
  'no-service': '"$@"',
  unlocked: `${unlocked}; ${finish}`,
  locked: `gnome-keyring-daemon --foreground --components=secrets >/dev/null 2>&1 & daemon=$!; ${untilOffered}; ${finish}`,
  silent: `${unlocked}; kill -STOP $daemon; ${finish}`,
  refusing: `${unlocked.replace(untilOffered, 'sleep 0.5')}; ${finish}`,
};
