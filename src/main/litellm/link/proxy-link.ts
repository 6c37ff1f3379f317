import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { Connection } from '../../postgres/database';
import { from, table } from '../../postgres/relations';
import { linkSetting } from '../../workspace/console-settings';
import { instant } from '../../../shared/contract/values';

const storedLink = z.object({ baseUrl: z.string(), headerName: z.string(), linkedAt: instant });

/** Which proxy a workspace is linked to. Its key is not here: it is in the secret store, bound to the proxy's origin. */
export type ProxyLink = z.infer<typeof storedLink>;

/** Null when no proxy is linked, or the setting was changed by hand into something else. */
export async function readLink({ select }: Connection): Promise<ProxyLink | null> {
  const [row] = await select(
    z.strictObject({ value: z.unknown() }),
    sql`SELECT value FROM ${from('settings')} WHERE key = ${linkSetting}`,
  );
  const checked = storedLink.safeParse(row?.value);
  return checked.success ? checked.data : null;
}

export async function saveLink({ run }: Connection, link: ProxyLink): Promise<void> {
  await run(sql`
    INSERT INTO ${table('settings')} (key, value)
    VALUES (${linkSetting}, ${JSON.stringify(link)}::jsonb)
    ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value, updated_at = CURRENT_TIMESTAMP`);
}

export async function removeLink({ run }: Connection): Promise<void> {
  await run(sql`DELETE FROM ${table('settings')} WHERE key = ${linkSetting}`);
}
