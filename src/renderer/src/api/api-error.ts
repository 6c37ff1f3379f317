import type { ErrorCode, ErrorEnvelope } from '../../../shared/errors';

/** A failed call, as the console told it. Screens decide by `code`, never by the text. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: Readonly<Record<string, string>>;

  constructor(envelope: ErrorEnvelope) {
    super(envelope.message);
    this.code = envelope.code;
    this.hint = envelope.hint;
    this.details = envelope.details ?? {};
  }
}

/** Whatever was thrown, as an {@link ApiError}: a transport that broke counts as `internal`. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError({ code: 'internal', message: error instanceof Error ? error.message : String(error) });
}

/** The failure that the same call may survive a moment later; all others repeat themselves or have waited enough. */
export function isWorthRetrying(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'db_unreachable';
}
