import { isAbsolute } from 'node:path';
import type { ConnectionFields } from '../../../shared/contract/workspace';
import { AppError } from '../../../shared/errors';
import { type MainText, say } from '../../kernel/say';

const longestNameBytes = 63;
const files = ['caFile', 'clientCertificateFile', 'clientKeyFile'] as const;

/**
 * Refuses what could not be the connection that a person meant: contradictions, control characters, relative paths.
 * Throws `validation` naming the field.
 */
export function checkConnection(connection: ConnectionFields): void {
  const { host, socketFolder, clientCertificateFile, clientKeyFile, tlsMode } = connection;
  if ((host === null) === (socketFolder === null))
    throw invalid('host', 'workspace.fields.place', 'workspace.fields.placeHint');
  for (const field of ['host', 'socketFolder', 'database', 'user'] as const) {
    const text = connection[field];
    // A NUL would cut the value off; PostgreSQL takes none of the others in a name it could be signed in with.
    if (text !== null && /\p{Cc}/u.test(text)) {
      throw invalid(field, 'workspace.fields.controlCharacter', 'workspace.fields.controlCharacterHint');
    }
  }
  for (const field of ['database', 'user'] as const) {
    if (Buffer.byteLength(connection[field]) > longestNameBytes) {
      throw invalid(field, 'workspace.fields.tooLong', 'workspace.fields.tooLongHint');
    }
  }
  for (const field of ['socketFolder', ...files] as const) {
    const path = connection[field];
    if (path !== null && !isAbsolute(path)) {
      throw invalid(field, 'workspace.fields.notAbsolute', 'workspace.fields.notAbsoluteHint', path);
    }
  }
  if ((clientCertificateFile === null) !== (clientKeyFile === null)) {
    throw invalid(
      'clientKeyFile',
      'workspace.fields.certificatePair',
      'workspace.fields.certificatePairHint',
    );
  }
  if (clientCertificateFile !== null && tlsMode === 'disable') {
    throw invalid(
      'clientCertificateFile',
      'connection.certificateNeedsTls',
      'connection.certificateNeedsTlsHint',
    );
  }
}

type Field = 'host' | 'socketFolder' | 'database' | 'user' | (typeof files)[number];

function invalid(field: Field, message: MainText, hint: MainText, path = ''): AppError {
  return new AppError('validation', say(message, { field: say(`workspace.fieldNames.${field}`), path }), {
    hint: say(hint),
    details: { field },
  });
}
