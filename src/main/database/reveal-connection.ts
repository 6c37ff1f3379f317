import { AppError } from '../../shared/errors';
import { writeAudit } from '../changes/write-audit';
import type { WorkspaceCall } from '../router/handlers';
import { describeLocation } from '../workspace/describe-location';
import { say } from '../kernel/say';

/**
 * The connection URI with its password, for a person who asked for it. Leaves an audit row in the same
 * transaction; the URI itself goes nowhere else.
 * @throws AppError `not_found` when this connection uses no password.
 */
export async function revealConnection({ signal, workspace }: WorkspaceCall): Promise<{ secret: string }> {
  const { config } = workspace.database;
  const password = config.password;
  if (typeof password !== 'string' || password === '') {
    throw new AppError('not_found', say('database.noPassword'), {
      hint: say('database.noPasswordHint'),
    });
  }
  await workspace.database.write(signal, (connection) =>
    writeAudit(connection, workspace, [
      {
        action: 'DATABASE_REVEAL_CONNECTION',
        resourceType: 'DATABASE',
        resourceId: config.database ?? null,
      },
    ]),
  );
  const withoutPassword = describeLocation(config);
  return { secret: withoutPassword.replace('@', `:${encodeURIComponent(password)}@`) };
}
