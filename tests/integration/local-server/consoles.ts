import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { createLocalServer, type LocalConnection, type LocalServer } from '../../../src/main/local-server';
import { type DataFolder, createDataFolder } from '../../../src/main/files/data-folder';
import type { ErrorEnvelope } from '../../../src/shared/errors';
import { bundledScript } from '../../support/bundled-script';
import { quickestFolder } from '../../support/quickest-folder';
import { openTestSession } from '../../support/test-session';

const repository = fileURLToPath(new URL('../../../', import.meta.url));
const script = fileURLToPath(new URL('./console-process.ts', import.meta.url));

export const isRoot = process.getuid?.() === 0;

/** A fresh place for one test; what still runs there at the end is stopped, and the folder removed. */
export class Place {
  readonly root = mkdtempSync(join(quickestFolder(), 'litemaas-local-'));
  private readonly children: ChildProcess[] = [];
  private readonly servers: LocalServer[] = [];

  constructor() {
    // mkdtemp makes it private; the account that root lends the server has to pass through.
    chmodSync(this.root, 0o755);
  }

  folder(name = 'data'): DataFolder {
    const path = join(this.root, name);
    return { path, serverFolder: join(path, 'postgres') };
  }

  /** A console in this process. */
  async open(
    options: { folder?: DataFolder; environment?: Record<string, string> } = {},
  ): Promise<LocalServer> {
    const folder = await createDataFolder(options.folder ?? this.folder());
    const server = createLocalServer({ folder, environment: options.environment ?? {} });
    this.servers.push(server);
    return server;
  }

  /** A console in a process of its own, optionally as another account or with more in its environment. */
  async spawn(
    options: {
      folder?: DataFolder;
      account?: { uid: number; gid: number };
      environment?: Readonly<Record<string, string>>;
    } = {},
  ): Promise<ConsoleProcess> {
    const { path, serverFolder } = options.folder ?? this.folder();
    const child = spawn(process.execPath, [await bundledScript(script), path, serverFolder], {
      cwd: repository,
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { PATH: process.env.PATH, HOME: this.root, ...options.environment },
      ...options.account,
    });
    this.children.push(child);
    const started = new ConsoleProcess(child);
    await started.progress('console is open');
    return started;
  }

  /** Ends everything that the test started. */
  async endAll(): Promise<void> {
    for (const child of this.children) child.kill('SIGKILL');
    for (const server of this.servers) await server.stop().catch(() => undefined);
    endServersBelow(this.root);
  }

  /** For `afterEach`. */
  async clear(): Promise<void> {
    await this.endAll();
    rmSync(this.root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** Servers whose console was killed by a test and that no later console took over. */
function endServersBelow(root: string): void {
  const found = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes('/postgres -D ') && line.includes(root));
  for (const line of found) process.kill(Number.parseInt(line, 10), 'SIGQUIT');
}

interface Answer {
  progress?: string;
  answer?: unknown;
  error?: ErrorEnvelope;
}

export class ConsoleProcess {
  private readonly received: Answer[] = [];
  private waiting: (() => void) | undefined;
  readonly progressSeen: string[] = [];

  constructor(readonly child: ChildProcess) {
    if (child.stdout === null) throw new Error('the console has no output');
    createInterface({ input: child.stdout }).on('line', (line) => {
      const answer = JSON.parse(line) as Answer;
      if (answer.progress !== undefined) this.progressSeen.push(answer.progress);
      this.received.push(answer);
      this.waiting?.();
    });
    child.once('exit', () => this.waiting?.());
  }

  /** Sends a request and answers with its result, or rejects with its error's envelope. */
  async ask<Result>(request: 'ensureRunning' | 'status' | 'stop' | 'close'): Promise<Result> {
    this.send(request);
    const { answer, error } = await this.next((message) => message.progress === undefined);
    if (error !== undefined) throw Object.assign(new Error(error.message), { code: error.code });
    return answer as Result;
  }

  send(request: string): void {
    this.child.stdin?.write(`${request}\n`);
  }

  /** Waits until the console reports this. */
  async progress(text: string): Promise<void> {
    await this.next((message) => message.progress?.includes(text) === true);
  }

  async kill(): Promise<void> {
    const gone = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await gone;
  }

  private async next(wanted: (message: Answer) => boolean): Promise<Answer> {
    for (;;) {
      const found = this.received.findIndex(wanted);
      if (found !== -1) return this.received.splice(0, found + 1).at(-1) as Answer;
      if (this.child.exitCode !== null || this.child.signalCode !== null)
        throw new Error('the console has ended');
      await new Promise<void>((resolve) => (this.waiting = resolve));
    }
  }
}

/** Runs one statement over a connection of its own and answers its rows. */
export async function query(connection: LocalConnection, sql: string): Promise<Record<string, unknown>[]> {
  const { host, port, database, user, password } = connection;
  const client = await openTestSession({ host, port, database, user, password, ssl: false });
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Leaves a table in the database whose content shows later that it is the same database. */
export async function leaveMark(connection: LocalConnection): Promise<void> {
  await query(connection, `create table mark as select 'here' as word`);
}

export async function findMark(connection: LocalConnection): Promise<unknown> {
  return (await query(connection, 'select word from mark'))[0]?.word;
}

/** vitest's asymmetric matchers are typed `any`. */
export const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);
export const containing = (text: string): unknown => expect.stringContaining(text);
