import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { AppError } from '../../shared/errors';
import { say } from '../kernel/say';

const nonceLength = 12;
const tagLength = 16;
/** Of this process: nothing outside it can read or make a cursor, and none outlives it. */
const processKey = randomBytes(32);

/**
 * Cursors and row names hold values of the database, of secret columns too where those are the key. The screens carry
 * them and put them into addresses, so they are encrypted, and bound to what they were made for.
 * @param purpose what it may be used for, and nothing else.
 */
export function seal(purpose: string, value: unknown): string {
  const nonce = randomBytes(nonceLength);
  const cipher = createCipheriv('aes-256-gcm', processKey, nonce);
  cipher.setAAD(Buffer.from(purpose));
  const body = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
}

/** What was sealed for this purpose. Throws `validation` (`details.cursor` = `expired`) for anything else. */
export function unseal(purpose: string, sealed: string): unknown {
  try {
    const bytes = Buffer.from(sealed, 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', processKey, bytes.subarray(0, nonceLength));
    decipher.setAAD(Buffer.from(purpose));
    decipher.setAuthTag(bytes.subarray(nonceLength, nonceLength + tagLength));
    const body = bytes.subarray(nonceLength + tagLength);
    return JSON.parse(Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8'));
  } catch (error) {
    throw cursorExpired(error);
  }
}

/** What is said of a cursor that leads nowhere any more. */
export function cursorExpired(cause?: unknown): AppError {
  return new AppError('validation', say('sql.browse.cursorExpired'), {
    hint: say('sql.browse.cursorExpiredHint'),
    details: { cursor: 'expired' },
    cause,
  });
}
