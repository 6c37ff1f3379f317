/**
 * Every failure a person can meet has one of these codes. They are part of the contract: the renderer chooses
 * what to offer (retry, sign in again, open settings) by the code, never by the text of a message.
 */
export const errorCodes = [
  'validation',
  'not_found',
  'conflict',
  'read_only',
  'db_unreachable',
  'db_auth',
  'db_permission',
  'db_timeout',
  'db_constraint',
  'db_version',
  'db_ahead',
  'db_server',
  'db_superuser',
  'local_server',
  'disk_full',
  'litellm_unreachable',
  'litellm_auth',
  'litellm_refused',
  'litellm_protocol',
  'secret_store',
  'busy',
  'session_ended',
  'console_unreachable',
  'cancelled',
  'internal',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** What crosses a process boundary when something failed: never a stack trace, never a secret. */
export interface ErrorEnvelope {
  readonly code: ErrorCode;
  /** What happened and why, in words for a person. */
  readonly message: string;
  /** What to do next; absent where there is nothing useful to say. */
  readonly hint?: string | undefined;
  /** Machine-readable facts (SQLSTATE, host, field): strings only, already redacted. */
  readonly details?: Readonly<Record<string, string>> | undefined;
}

/**
 * The one error type the console throws on purpose. Anything else that is thrown becomes `internal` at the edge.
 * `cause` stays in main (for the log) and never crosses.
 */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: Readonly<Record<string, string>> | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { hint?: string; details?: Record<string, string>; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.details = options.details;
  }

  toEnvelope(): ErrorEnvelope {
    return { code: this.code, message: this.message, hint: this.hint, details: this.details };
  }
}

/** True for the error that an aborted call ends with, whichever layer raised it. */
export function isCancelled(error: unknown): boolean {
  return (
    (error instanceof AppError && error.code === 'cancelled') ||
    (error instanceof Error && error.name === 'AbortError')
  );
}
