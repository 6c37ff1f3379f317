import { type MainText, say } from '../../kernel/say';
import { saidBy } from '../../postgres/errors';
import type { ConnectionFields } from '../../../shared/contract/workspace';

export interface Failure {
  /** Machine-readable, for `details.reason`. */
  readonly reason: string;
  readonly message: string;
  readonly hint: string;
}

/** Node's words for what OpenSSL found wrong with the server's certificate. */
const byCode: Readonly<Record<string, readonly [reason: string, message: MainText, hint: MainText]>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: [
    'tls_self_signed',
    'connection.tlsSelfSigned',
    'connection.tlsSelfSignedHint',
  ],
  CERT_HAS_EXPIRED: ['tls_expired', 'connection.tlsExpired', 'connection.tlsExpiredHint'],
  CERT_NOT_YET_VALID: ['tls_not_yet_valid', 'connection.tlsNotYetValid', 'connection.tlsNotYetValidHint'],
};

const unknownAuthority = [
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_SIGNATURE_FAILURE',
];

/** Says why TLS failed; each cause has its own way out. */
export function tlsFailure(error: Error, connection: ConnectionFields): Failure {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const found = Object.hasOwn(byCode, code) ? byCode[code] : undefined;
  if (found !== undefined) {
    const [reason, message, hint] = found;
    return { reason, message: say(message), hint: say(hint) };
  }
  if (unknownAuthority.includes(code)) {
    return connection.caFile === null
      ? {
          reason: 'tls_unknown_authority',
          message: say('connection.tlsUnknownAuthority'),
          hint: say('connection.tlsUnknownAuthorityHint'),
        }
      : {
          reason: 'tls_wrong_authority',
          message: say('connection.tlsWrongAuthority'),
          hint: say('connection.tlsWrongAuthorityHint'),
        };
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const { cert } = error as { cert?: { subject?: { CN?: string }; subjectaltname?: string } };
    const names = cert?.subjectaltname?.replaceAll(/(?:DNS|IP Address):/g, '') ?? cert?.subject?.CN ?? '?';
    return {
      reason: 'tls_wrong_name',
      message: say('connection.tlsWrongName', { host: connection.host ?? 'localhost', names }),
      hint: say('connection.tlsWrongNameHint'),
    };
  }
  // The server's word (an alert) about ours; before TLS 1.3 a missing certificate is one too.
  if (
    /ALERT_(?:CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE)/.test(code) &&
    connection.clientCertificateFile === null
  ) {
    return clientCertificateMissing();
  }
  if (/ALERT_(?:UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE|UNSUPPORTED_CERTIFICATE|DECRYPT)/.test(code)) {
    return {
      reason: 'client_certificate_refused',
      message: say('connection.clientCertificateRefused', { said: reasonOf(error) }),
      hint: say('connection.clientCertificateRefusedHint', { user: connection.user }),
    };
  }
  if (/KEY_VALUES_MISMATCH/.test(code)) {
    return {
      reason: 'client_key_mismatch',
      message: say('connection.keyPairMismatch'),
      hint: say('connection.keyPairMismatchHint'),
    };
  }
  return {
    reason: 'tls_failed',
    message: say('connection.tlsFailed', { said: reasonOf(error) }),
    hint: say('connection.tlsFailedHint'),
  };
}

export function clientCertificateMissing(): Failure {
  return {
    reason: 'client_certificate_missing',
    message: say('connection.clientCertificateMissing'),
    hint: say('connection.clientCertificateMissingHint'),
  };
}

/** OpenSSL's reason without its file and line numbers. */
function reasonOf(error: Error): string {
  const { reason } = error as { reason?: unknown };
  return typeof reason === 'string' ? reason : saidBy(error).slice(0, 200);
}
