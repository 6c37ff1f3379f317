import { AppError, type ErrorEnvelope, isCancelled } from '../../shared/errors';
import { redact } from '../../shared/redact';
import { say } from '../kernel/say';

/**
 * What crosses for a failure: an AppError as it is, with every text redacted; anything else as `internal` without
 * its message, which may quote data (it goes to the log).
 */
export function toErrorEnvelope(error: unknown): ErrorEnvelope {
  if (error instanceof AppError) {
    const { code, message, hint, details } = error;
    return {
      code,
      message: redact(message),
      ...(hint === undefined ? {} : { hint: redact(hint) }),
      ...(details === undefined
        ? {}
        : {
            details: Object.fromEntries(Object.entries(details).map(([key, value]) => [key, redact(value)])),
          }),
    };
  }
  if (isCancelled(error)) return { code: 'cancelled', message: say('console.cancelled') };
  return {
    code: 'internal',
    message: say('console.internal'),
    hint: say('console.internalHint'),
  };
}
