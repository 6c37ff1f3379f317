import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { ParseResult, ScanToken } from 'libpg-query';
import type { RawStmt } from 'libpg-query';

/** Of one text, in bytes; a longer one is not read. */
export const mostParsedBytes = 1_048_576;
const timeLimitMs = 5_000;

/** A text as PostgreSQL 18's own grammar reads it. Places are UTF-8 bytes. */
export interface ParsedSql {
  readonly kind: 'parsed';
  readonly statements: readonly RawStmt[];
}
/** PostgreSQL 18's grammar refuses it; the place is counted in code points, from 0 on. */
export interface SyntaxFault {
  readonly kind: 'syntax';
  readonly message: string;
  readonly codePoint: number;
}
/** It was not read to the end: too long, nested too deep for the parser, or too slow. */
export interface Unread {
  readonly kind: 'unread';
  readonly reason: 'long' | 'deep' | 'slow';
}
export type ParseAnswer = ParsedSql | SyntaxFault | Unread;

export type SqlToken = Pick<ScanToken, 'start' | 'end' | 'text' | 'tokenName'>;

type Answer =
  | { readonly kind: 'parsed'; readonly result: ParseResult | readonly SqlToken[] }
  | SyntaxFault
  | { readonly kind: 'broken' };

interface Waiting {
  readonly settle: (answer: Answer | Unread) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * Runs in the thread, from text: so the same code runs from the sources and from the bundle, and the parser with its
 * WebAssembly is loaded from where it is installed. What is no SqlError (RangeError, RuntimeError) may have damaged the
 * instance.
 */
const threadSource = `
const { parentPort, workerData } = require('node:worker_threads');
const { loadModule, parseSync, scanSync, SqlError } = require(workerData);
parentPort.on('message', async ({ id, call, text }) => {
  try {
    await loadModule();
    const result = call === 'parse' ? parseSync(text)
      : scanSync(text).tokens.map(({ start, end, text, tokenName }) => ({ start, end, text, tokenName }));
    parentPort.postMessage({ id, answer: { kind: 'parsed', result } });
  } catch (error) {
    parentPort.postMessage({ id, answer: error instanceof SqlError
      ? { kind: 'syntax', message: error.message, codePoint: error.sqlDetails?.cursorPosition ?? 0 }
      : { kind: 'broken' } });
  }
});`;

let running: { readonly worker: Worker; readonly waiting: Map<number, Waiting> } | undefined;
let lastId = 0;

/**
 * Reads a text of SQL: one or more statements, or none. In a thread of its own that is started on the first call, and
 * replaced after a failure of the parser itself or when it takes more than 5 s: no text can stop the console.
 * @param text without a NUL, which would end it for the parser.
 */
export async function parseSql(text: string): Promise<ParseAnswer> {
  // The parser refuses to look at an empty text, which holds no statement.
  if (text === '') return { kind: 'parsed', statements: [] };
  const answer = await ask('parse', text);
  if (answer.kind === 'parsed')
    return { kind: 'parsed', statements: (answer.result as ParseResult).stmts ?? [] };
  return answer.kind === 'broken' ? { kind: 'unread', reason: 'deep' } : answer;
}

/** The tokens of a text, comments among them; null where even these can't be told. */
export async function scanSql(text: string): Promise<readonly SqlToken[] | null> {
  if (text === '') return [];
  const answer = await ask('scan', text);
  return answer.kind === 'parsed' ? (answer.result as readonly SqlToken[]) : null;
}

async function ask(call: 'parse' | 'scan', text: string): Promise<Answer | Unread> {
  if (text.includes('\0')) throw new Error('A NUL would end the text for the parser.');
  if (Buffer.byteLength(text) > mostParsedBytes) return { kind: 'unread', reason: 'long' };
  const { worker, waiting } = (running ??= start());
  lastId += 1;
  const id = lastId;
  return new Promise((resolve) => {
    const timer = setTimeout(() => stop('slow'), timeLimitMs);
    waiting.set(id, { settle: resolve, timer });
    worker.postMessage({ id, call, text });
  });
}

function start(): NonNullable<typeof running> {
  const waiting = new Map<number, Waiting>();
  const worker = new Worker(threadSource, {
    eval: true,
    workerData: createRequire(import.meta.url).resolve('libpg-query'),
    // Not the program's own: a loader that was given to it belongs to its sources.
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 512, stackSizeMb: 4 },
  });
  worker.unref();
  worker.on('message', ({ id, answer }: { readonly id: number; readonly answer: Answer }) => {
    const asked = waiting.get(id);
    if (asked === undefined) return;
    waiting.delete(id);
    clearTimeout(asked.timer);
    if (answer.kind === 'broken' && running?.worker === worker) stop('deep');
    asked.settle(answer);
  });
  worker.on('messageerror', () => running?.worker === worker && stop('deep'));
  worker.on('error', () => running?.worker === worker && stop('deep'));
  return { worker, waiting };
}

/** Ends the thread; who still waits for it is told, the next call starts another. */
function stop(reason: Unread['reason']): void {
  if (running === undefined) return;
  const { worker, waiting } = running;
  running = undefined;
  for (const { settle, timer } of waiting.values()) {
    clearTimeout(timer);
    settle({ kind: 'unread', reason });
  }
  waiting.clear();
  void worker.terminate();
}
