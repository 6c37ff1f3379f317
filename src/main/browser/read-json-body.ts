import type { IncomingMessage } from 'node:http';
import { Refusal } from './refusal';
import { say } from '../kernel/say';

const maxBodyBytes = 1024 * 1024;

/**
 * Reads a request's body as one JSON object. Throws a Refusal: 415 for anything but JSON, 413 past 1 MiB,
 * 408 when it takes longer than `timeoutMs`, 400 for malformed JSON or bytes that are not UTF-8.
 */
export async function readJsonBody(
  request: IncomingMessage,
  timeoutMs: number,
): Promise<Record<string, unknown>> {
  const type = (request.headers['content-type'] ?? '').toLowerCase().replaceAll(' ', '');
  const encoded = request.headers['content-encoding'] !== undefined;
  if (encoded || (type !== 'application/json' && type !== 'application/json;charset=utf-8')) {
    throw new Refusal(415, 'validation', say('hosts.browser.jsonOnly'));
  }
  if (Number(request.headers['content-length'] ?? 0) > maxBodyBytes) throw tooLarge();
  return parseObject(await readAll(request, timeoutMs));
}

function readAll(request: IncomingMessage, timeoutMs: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const fail = (error: Error): void => {
      clearTimeout(timer);
      request.off('data', onData);
      reject(error);
    };
    const onData = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes > maxBodyBytes) fail(tooLarge());
      else chunks.push(chunk);
    };
    const timer = setTimeout(() => {
      fail(new Refusal(408, 'validation', say('hosts.browser.slow'), say('hosts.browser.tryAgain')));
    }, timeoutMs);
    request.on('data', onData);
    request.once('end', () => {
      clearTimeout(timer);
      resolve(Buffer.concat(chunks));
    });
    request.once('error', fail);
    request.once('close', () => {
      if (!request.complete) fail(new Refusal(400, 'validation', say('hosts.browser.brokeOff')));
    });
  });
}

function parseObject(bytes: Buffer): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw malformed();
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed();
  return value as Record<string, unknown>;
}

const tooLarge = (): Refusal => new Refusal(413, 'validation', say('hosts.browser.tooLarge'));
const malformed = (): Refusal => new Refusal(400, 'validation', say('hosts.browser.noObject'));
