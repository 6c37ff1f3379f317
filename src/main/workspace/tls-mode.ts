import { tlsModes } from '../../shared/contract/workspace';
import { AppError } from '../../shared/errors';
import { say } from '../kernel/say';
import { closestWord } from './closest-word';

export type TlsMode = (typeof tlsModes)[number];

/** Other programs' words; the catalogue says what they come to here. */
const otherWords = ['allow', 'prefer', 'no-verify'] as const;

/**
 * Reads libpq's `sslmode`. Absent: `verify-full`, or `disable` for a socket and for this machine (`host` null or
 * a loopback name). Throws `validation` for `allow` and `prefer`, which downgrade silently, and for typos.
 */
export function parseTlsMode(text: string | undefined, host: string | null): TlsMode {
  if (text === undefined || text === '') return host === null || isLoopback(host) ? 'disable' : 'verify-full';
  const known = tlsModes.find((mode) => mode === text);
  if (known !== undefined) return known;
  const other = otherWords.find((word) => word === text);
  if (other !== undefined) {
    throw new AppError(
      'validation',
      say('workspace.tlsMode.notUsed', { text, reason: say(`workspace.tlsMode.${other}`) }),
    );
  }
  const meant = closestWord(text, tlsModes);
  throw new AppError('validation', say('workspace.tlsMode.unknown', { text }), {
    hint:
      meant === null
        ? say('workspace.tlsMode.unknownHint', { modes: tlsModes.join(', ') })
        : say('workspace.tlsMode.mistypedHint', { meant }),
  });
}

/** True for names and addresses that never leave this machine. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase();
  return name === 'localhost' || name === '::1' || /^127(?:\.\d{1,3}){3}$/.test(name);
}
