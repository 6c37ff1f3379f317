import { AppError } from '../../shared/errors';
import { redact } from '../../shared/redact';
import { say } from '../kernel/say';

/** What a dialog says about a failure: never a stack, never a secret. `logFile` is where the rest is, if anywhere. */
export function failureText(error: unknown, logFolder: string | null): string {
  const lines: string[] = [];
  if (error instanceof AppError) {
    lines.push(error.message);
    if (error.hint !== undefined) lines.push(error.hint);
  } else {
    lines.push(
      error instanceof Error ? `${error.name}: ${error.message}` : say('hosts.desktop.unknownFailure'),
    );
  }
  if (logFolder !== null) lines.push(say('hosts.desktop.detailsIn', { folder: logFolder }));
  return redact(lines.join('\n\n'));
}
