import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Questions } from './questions';

const projectFolder = fileURLToPath(new URL('../../../', import.meta.url));

type Answers<Name extends keyof Questions> = Awaited<ReturnType<Questions[Name]>>;

/** The built desktop program, running in Node with the stand-in. */
export interface DesktopProgram {
  ask<Name extends keyof Questions>(
    question: Name,
    ...args: Parameters<Questions[Name]>
  ): Promise<Answers<Name>>;
  /** Calls a procedure from the page through preload, IPC and router. */
  call(area: string, procedure: string, input: object, callId?: string): Promise<unknown>;
  /** Resolves with the exit code. */
  readonly exited: Promise<number | null>;
  kill(signal: NodeJS.Signals): void;
  stop(): Promise<void>;
  output(): string;
  readonly folder: string;
}

interface DesktopOptions {
  /** Holds everything the program writes; made and removed with the program unless given. */
  readonly folder?: string;
  readonly environment?: Record<string, string>;
}

let lastCall = 0;

/** Starts the program and waits until its page is loaded. Throws with its output when it ends before. */
export async function startDesktop(options: DesktopOptions = {}): Promise<DesktopProgram> {
  const program = await launchDesktop(options);
  while ((await program.ask('page')) === null) await delay(20);
  return program;
}

/** Starts out/main/index.js, which must have been built, and waits for nothing. */
export async function launchDesktop({
  folder: given,
  environment,
}: DesktopOptions = {}): Promise<DesktopProgram> {
  const folder = given ?? (await mkdtemp(join(tmpdir(), 'litemaas-desktop-')));
  const child = fork(join(projectFolder, 'out', 'main', 'index.js'), [], {
    execArgv: ['--import', 'tsx', '--import', fileURLToPath(new URL('use-stand-in.mjs', import.meta.url))],
    cwd: projectFolder,
    env: {
      ...process.env,
      ELECTRON_STAND_IN_HOME: folder,
      LITEMAAS_DATA_DIR: join(folder, 'data'),
      LITEMAAS_CHECK_OUTPUTS: '1',
      ...environment,
    },
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  }
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const ask = questionsTo(child, () => output);
  return {
    folder,
    exited,
    output: () => output,
    ask: ask as DesktopProgram['ask'],
    call: (area, procedure, input, callId = `test-${++lastCall}`) =>
      ask('evaluate', `litemaas.${area}.${procedure}(${JSON.stringify(input)}, ${JSON.stringify(callId)})`),
    kill: (signal) => void child.kill(signal),
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await exited;
      }
      if (given === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

function questionsTo(child: ChildProcess, output: () => string) {
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let lastId = 0;
  child.on('message', (message) => {
    const { id, value, error } = message as { id: number; value?: unknown; error?: string };
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) asked?.resolve(value);
    else asked?.reject(new Error(error));
  });
  child.on('exit', (code) => {
    for (const { reject } of waiting.values()) {
      reject(new Error(`The program ended with ${String(code)}:\n${output()}`));
    }
    waiting.clear();
  });
  return (question: string, ...args: unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (child.exitCode !== null || child.signalCode !== null) {
        reject(new Error(`The program has ended:\n${output()}`));
        return;
      }
      const id = ++lastId;
      waiting.set(id, { resolve, reject });
      child.send({ id, question, args }, (error) => {
        if (error) reject(error);
      });
    });
}
