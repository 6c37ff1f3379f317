import type { ServerResponse } from 'node:http';
import type { FileContent } from '../console';
import { Refusal } from './refusal';
import { digestOf, newSecret } from './secrets';
import type { Session } from './sessions';
import { say } from '../kernel/say';

const ticketLifeMs = 60_000;
const maxWaiting = 32;
const maxRemembered = 1_000;

interface Waiting {
  readonly content: FileContent;
  readonly session: Session;
  readonly expiresAt: number;
}

export interface Downloads {
  /** Keeps the content for one download by the same session within a minute and answers its ticket. */
  offer(content: FileContent, session: Session): string;
  /** Hands the content out, once. Throws 410 for a ticket that was used or is too old, 404 for any other. */
  take(ticket: string, session: Session): FileContent;
}

/** The files that wait to be fetched by the browser. */
export function createDownloads(now: () => number): Downloads {
  const waiting = new Map<string, Waiting>();
  /** Tickets that are gone, so that their holder hears why. */
  const gone = new Set<string>();

  const keyOf = (ticket: string): string => digestOf(ticket).toString('hex');

  function drop(key: string): void {
    waiting.delete(key);
    gone.add(key);
    const oldest = gone.values().next().value;
    if (gone.size > maxRemembered && oldest !== undefined) gone.delete(oldest);
  }

  function dropOld(): void {
    for (const [key, { session, expiresAt }] of waiting) {
      if (expiresAt <= now() || session.ended.signal.aborted) drop(key);
    }
  }

  return {
    offer(content, session) {
      dropOld();
      const oldest = waiting.keys().next().value;
      if (waiting.size >= maxWaiting && oldest !== undefined) drop(oldest);
      const ticket = newSecret();
      waiting.set(keyOf(ticket), { content, session, expiresAt: now() + ticketLifeMs });
      return ticket;
    },
    take(ticket, session) {
      dropOld();
      const key = keyOf(ticket);
      const found = waiting.get(key);
      if (found?.session === session) {
        drop(key);
        return found.content;
      }
      if (gone.has(key)) {
        throw new Refusal(
          410,
          'not_found',
          say('hosts.browser.downloadUsed'),
          say('hosts.browser.exportAgain'),
        );
      }
      throw new Refusal(404, 'not_found', say('hosts.browser.noDownload'), say('hosts.browser.exportAgain'));
    },
  };
}

/**
 * Streams a file to the browser as a download. A failure before the first byte is thrown to the caller; after it
 * the connection is cut, so that the browser shows a broken download and not a short file.
 */
export async function sendDownload(
  response: ServerResponse,
  content: FileContent,
  signal: AbortSignal,
): Promise<void> {
  response.setHeader('Content-Type', content.contentType);
  response.setHeader('Content-Disposition', contentDisposition(content.suggestedName));
  try {
    await content.write(response, signal);
  } catch (error) {
    if (response.headersSent) response.destroy();
    else response.removeHeader('Content-Disposition');
    throw error;
  }
}

/** `attachment` with the name in ASCII for old programs and whole by RFC 5987; never a path or a control character. */
export function contentDisposition(name: string): string {
  // Lone surrogates would make the encoding throw.
  const safe = name.replace(/[\p{Cc}\p{Cs}/\\]/gu, '_');
  const ascii = safe.replace(/[^ -~]|["%]/g, '_');
  const encoded = encodeURIComponent(safe).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
