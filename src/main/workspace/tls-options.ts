import { readFile } from 'node:fs/promises';
import { checkServerIdentity, type ConnectionOptions, type PeerCertificate } from 'node:tls';
import { AppError } from '../../shared/errors';
import type { TlsMode } from './tls-mode';

/**
 * What `pg` is to do about TLS for a profile: false is no TLS, else the options of the TLS connection. pg never
 * falls back to an unencrypted connection when there are options, so nothing here downgrades.
 *
 * - `require` encrypts only; with a CA file it checks the chain as well, as libpq does.
 * - `verify-ca` checks the chain against the CA file, which it needs: with the public authorities that a machine
 *   trusts anyway, any certificate of anybody's would pass.
 * - `verify-full` checks chain and host name (or IP address).
 *
 * Throws `validation` when the CA file is missing, unreadable or not PEM.
 */
export async function tlsOptions(profile: {
  readonly tlsMode: TlsMode;
  readonly caFile: string | null;
  readonly host: string | null;
  readonly socketFolder: string | null;
}): Promise<false | ConnectionOptions> {
  // PostgreSQL does not speak TLS over a socket.
  if (profile.tlsMode === 'disable' || profile.socketFolder !== null) return false;
  const ca = profile.caFile === null ? null : await readCertificates(profile.caFile);
  if (profile.tlsMode === 'verify-full') {
    const host = profile.host ?? 'localhost';
    return {
      rejectUnauthorized: true,
      ...(ca === null ? {} : { ca }),
      // pg passes no name on when the host is an IP address, and Node would then compare with "localhost".
      checkServerIdentity: (_name: string, certificate: PeerCertificate) =>
        checkServerIdentity(host, certificate),
    };
  }
  if (ca !== null) return { rejectUnauthorized: true, ca, checkServerIdentity: () => undefined };
  if (profile.tlsMode === 'require') return { rejectUnauthorized: false };
  throw new AppError('validation', 'The TLS mode verify-ca needs the CA file to check the server against.', {
    hint: 'Give the CA file, or use verify-full, which also checks the server’s name.',
  });
}

async function readCertificates(path: string): Promise<string> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new AppError('validation', `The CA file ${path} can't be read.`, {
      hint: 'Choose the file with the certificate of the authority that signed the server’s.',
      cause,
    });
  }
  if (!text.includes('-----BEGIN CERTIFICATE-----')) {
    throw new AppError('validation', `The CA file ${path} holds no PEM certificate.`, {
      hint: 'It has a line "-----BEGIN CERTIFICATE-----"; other formats can be converted with openssl.',
    });
  }
  return text;
}
