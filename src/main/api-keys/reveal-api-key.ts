import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { Contract } from '../../shared/contract/index';
import { AppError } from '../../shared/errors';
import { writeAudit } from '../changes/write-audit';
import { say } from '../kernel/say';
import { readLink } from '../litellm/link/proxy-link';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';
import type { Handler } from '../router/handlers';

const keptRow = z.strictObject({ secret: z.string().nullable() });

/**
 * The value of a key that LiteMaaS keeps, for a person who says why. Leaves an audit row in the same transaction; the
 * value goes nowhere else.
 * @throws AppError `not_found` where the key is gone or its value was never kept; `db_permission` where the database
 *   user may not read it.
 */
export const revealApiKey: Handler<Contract['apiKeys']['reveal']> = ({ id, reason }, { signal, workspace }) =>
  workspace.database.write(signal, async (connection) => {
    const secret = await keptValue(connection, id);
    await writeAudit(connection, workspace, [
      { action: 'API_KEY_REVEAL', resourceType: 'API_KEY', resourceId: id, metadata: { reason } },
    ]);
    const link = await readLink(connection);
    return { secret, baseUrl: link?.baseUrl ?? null };
  });

/**
 * The value of a key, as far as LiteMaaS keeps it. Whoever reads it says so in the audit log.
 * @throws AppError as {@link revealApiKey}.
 */
export async function keptValue({ select }: Connection, id: string): Promise<string> {
  const [kept] = await select(
    keptRow,
    sql`
    SELECT k.lite_llm_key_value AS secret FROM ${from('api_keys', 'k')} WHERE k.id = ${id}`,
  );
  if (kept === undefined) {
    throw new AppError('not_found', say('records.gone.apiKey'), { hint: say('records.goneHint.apiKey') });
  }
  if (kept.secret === null || kept.secret === '') {
    throw new AppError('not_found', say('records.valueNotKept'), { hint: say('records.valueNotKeptHint') });
  }
  return kept.secret;
}
