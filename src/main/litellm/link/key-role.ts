import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { LitellmClient } from '../client/client';
import { refusedStatus } from '../client/failures';

const keyAnswer = z.looseObject({ info: z.looseObject({ user_id: z.string().nullish() }).nullish() });
const userAnswer = z.looseObject({ user_info: z.looseObject({ user_role: z.string().nullish() }).nullish() });

/** What the linked key may do: `viewer` reads everything, `admin` also writes. */
export type KeyRole = 'admin' | 'viewer';

/**
 * Finds out whose key it is without writing anything. The key itself never stands in a URL: LiteLLM knows it by its
 * hash. A key that reads the management lists but is no stored key is the master key.
 */
export async function readKeyRole(
  client: LitellmClient,
  apiKey: string,
  signal: AbortSignal,
): Promise<KeyRole> {
  const hash = createHash('sha256').update(apiKey, 'utf8').digest('hex');
  try {
    const key = await client.read({ path: '/key/info', query: { key: hash }, schema: keyAnswer, signal });
    const userId = key.value.info?.user_id;
    if (!userId) return 'viewer';
    const user = await client.read({
      path: '/user/info',
      query: { user_id: userId },
      schema: userAnswer,
      signal,
    });
    return user.value.user_info?.user_role === 'proxy_admin' ? 'admin' : 'viewer';
  } catch (error) {
    const status = refusedStatus(error);
    if (status === 404) return 'admin';
    if (status !== null) return 'viewer';
    throw error;
  }
}
