import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { checkServerIdentity, type ConnectionOptions, type PeerCertificate } from 'node:tls';
import { AppError } from '../../shared/errors';
import { type MainText, say } from '../kernel/say';
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
 * A client certificate is sent to a server that asks for one.
 * Throws `validation` when a file is missing, unreadable or not PEM, or when others may read the key.
 */
export async function tlsOptions(profile: {
  readonly tlsMode: TlsMode;
  readonly caFile: string | null;
  readonly clientCertificateFile: string | null;
  readonly clientKeyFile: string | null;
  readonly host: string | null;
  readonly socketFolder: string | null;
}): Promise<false | ConnectionOptions> {
  // PostgreSQL does not speak TLS over a socket.
  if (profile.tlsMode === 'disable' || profile.socketFolder !== null) return false;
  const [ca, own] = await Promise.all([
    profile.caFile === null ? null : readCertificates(profile.caFile),
    readClientCertificate(profile),
  ]);
  if (profile.tlsMode === 'verify-full') {
    const host = profile.host ?? 'localhost';
    return {
      rejectUnauthorized: true,
      ...(ca === null ? {} : { ca }),
      ...own,
      // pg passes no name on when the host is an IP address, and Node would then compare with "localhost".
      checkServerIdentity: (_name: string, certificate: PeerCertificate) =>
        checkServerIdentity(host, certificate),
    };
  }
  if (ca !== null) return { rejectUnauthorized: true, ca, ...own, checkServerIdentity: () => undefined };
  if (profile.tlsMode === 'require') return { rejectUnauthorized: false, ...own };
  throw invalid('connection.caFileNeeded', 'connection.caFileNeededHint');
}

async function readCertificates(path: string): Promise<string> {
  const text = await readText(path, 'connection.caFileUnreadable', 'connection.caFileUnreadableHint');
  if (!text.includes('-----BEGIN CERTIFICATE-----')) {
    throw invalid('connection.caFileNotPem', 'connection.caFileNotPemHint', path);
  }
  return text;
}

async function readClientCertificate({
  clientCertificateFile,
  clientKeyFile,
}: {
  readonly clientCertificateFile: string | null;
  readonly clientKeyFile: string | null;
}): Promise<{ cert: string; key: string } | undefined> {
  if (clientCertificateFile === null || clientKeyFile === null) return undefined;
  const cert = await readText(
    clientCertificateFile,
    'connection.certificateFileUnreadable',
    'connection.certificateFileUnreadableHint',
  );
  if (!cert.includes('-----BEGIN CERTIFICATE-----')) {
    throw invalid(
      'connection.certificateFileNotPem',
      'connection.certificateFileNotPemHint',
      clientCertificateFile,
    );
  }
  await refuseOpenKey(clientKeyFile);
  const key = await readText(
    clientKeyFile,
    'connection.keyFileUnreadable',
    'connection.keyFileUnreadableHint',
  );
  if (/ENCRYPTED/.test(key))
    throw invalid('connection.keyFileEncrypted', 'connection.keyFileEncryptedHint', clientKeyFile);
  if (!belongTogether(cert, key, clientKeyFile))
    throw invalid('connection.keyPairMismatch', 'connection.keyPairMismatchHint');
  return { cert, key };
}

/** As libpq: nobody but the owner may read the key, or root's group where it is root's. */
async function refuseOpenKey(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const found = await stat(path).catch((cause: unknown) => {
    throw invalid('connection.keyFileUnreadable', 'connection.keyFileUnreadableHint', path, cause);
  });
  const forbidden = found.uid === 0 ? 0o037 : 0o077;
  if ((found.mode & forbidden) !== 0)
    throw invalid('connection.keyFileOpen', 'connection.keyFileOpenHint', path);
}

function belongTogether(cert: string, key: string, keyPath: string): boolean {
  let privateKey;
  try {
    privateKey = createPrivateKey(key);
  } catch (cause) {
    throw invalid('connection.keyFileNotPem', 'connection.keyFileNotPemHint', keyPath, cause);
  }
  return new X509Certificate(cert).checkPrivateKey(privateKey);
}

async function readText(path: string, message: MainText, hint: MainText): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw invalid(message, hint, path, cause);
  }
}

function invalid(message: MainText, hint: MainText, path = '', cause?: unknown): AppError {
  return new AppError('validation', say(message, { path }), {
    hint: say(hint),
    ...(cause === undefined ? {} : { cause }),
  });
}
