import type { ErrorCode, ErrorEnvelope } from '../../shared/errors';
import { say } from '../kernel/say';

/** A request that never reaches the router: an HTTP status and the reason in words for a person. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly status: number,
    readonly code: ErrorCode,
    message: string,
    readonly hint?: string,
  ) {
    super(message);
  }

  toEnvelope(): ErrorEnvelope {
    return {
      code: this.code,
      message: this.message,
      ...(this.hint === undefined ? {} : { hint: this.hint }),
    };
  }
}

export const sessionEnded = (): Refusal =>
  new Refusal(401, 'session_ended', say('hosts.browser.sessionEnded'), say('hosts.browser.newestAddress'));

export const tokenRefused = (): Refusal =>
  new Refusal(401, 'session_ended', say('hosts.browser.addressUsed'), say('hosts.browser.newestAddress'));

export const notFound = (): Refusal => new Refusal(404, 'not_found', say('hosts.browser.nothingHere'));

export const foreignRequest = (reason: string): Refusal =>
  new Refusal(
    403,
    'validation',
    say('hosts.browser.onlyOwnPage', { reason }),
    say('hosts.browser.onlyOwnPageHint'),
  );
