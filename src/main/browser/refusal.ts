import type { ErrorCode, ErrorEnvelope } from '../../shared/errors';

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
  new Refusal(
    401,
    'session_ended',
    'This page has no session with the console, or the session has ended.',
    'Open the newest address that the console printed where it was started.',
  );

export const tokenRefused = (): Refusal =>
  new Refusal(
    401,
    'session_ended',
    'This address has been used already or is no longer valid.',
    'Open the newest address that the console printed where it was started.',
  );

export const notFound = (): Refusal =>
  new Refusal(404, 'not_found', 'The console has nothing at this address.');

export const foreignRequest = (reason: string): Refusal =>
  new Refusal(
    403,
    'validation',
    `The console answers only its own page: ${reason}.`,
    'Open the console by the address it printed, in a current browser.',
  );
