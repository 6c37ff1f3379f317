/** Why a backend can't be used; each has its own message, because each has another way out. */
export type UnavailableReason = 'absent' | 'locked' | 'refused' | 'failed' | 'weak';

/** Thrown by a backend; `message` is for the person. */
export class SecretBackendError extends Error {
  override readonly name = 'SecretBackendError';

  constructor(
    readonly reason: UnavailableReason,
    message: string,
    options?: { cause: unknown },
  ) {
    super(message, options);
  }
}

/** One place that may keep secrets. All methods throw {@link SecretBackendError} and end within a time limit. */
export interface SecretBackend {
  /** Proves that a secret can be written and read back; answers what protects it. Asked for on first use. */
  probe(): Promise<{ readonly state: 'protected' | 'weak'; readonly name: string }>;
  read(name: string): Promise<string | null>;
  write(name: string, sealed: string): Promise<void>;
  remove(name: string): Promise<void>;
}
