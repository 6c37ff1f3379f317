import { tlsModes } from '../../shared/contract/workspace';
import { AppError } from '../../shared/errors';
import { closestWord } from './closest-word';

export type TlsMode = (typeof tlsModes)[number];

/** Other programs' words, and what they come to here. */
const otherWords: Readonly<Record<string, string>> = {
  allow: 'it goes without encryption whenever the server likes; write sslmode=disable or sslmode=require',
  prefer: 'it goes without encryption whenever the server likes; write sslmode=require or sslmode=disable',
  'no-verify': 'write sslmode=require, which encrypts and does not check the certificate',
};

/**
 * Reads libpq's `sslmode`. Absent: `verify-full`, or `disable` for a socket and for this machine (`host` null or
 * a loopback name). Throws `validation` for `allow` and `prefer`, which downgrade silently, and for typos.
 */
export function parseTlsMode(text: string | undefined, host: string | null): TlsMode {
  if (text === undefined || text === '') return host === null || isLoopback(host) ? 'disable' : 'verify-full';
  const known = tlsModes.find((mode) => mode === text);
  if (known !== undefined) return known;
  const reason = Object.hasOwn(otherWords, text) ? otherWords[text] : undefined;
  if (reason !== undefined) throw new AppError('validation', `sslmode=${text} is not used here: ${reason}.`);
  const meant = closestWord(text, tlsModes);
  throw new AppError('validation', `"${text}" is not an sslmode.`, {
    hint: meant === null ? `Use one of ${tlsModes.join(', ')}.` : `Did you mean sslmode=${meant}?`,
  });
}

/** True for names and addresses that never leave this machine. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase();
  return name === 'localhost' || name === '::1' || /^127(?:\.\d{1,3}){3}$/.test(name);
}
