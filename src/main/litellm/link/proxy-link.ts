import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { Connection } from '../../postgres/database';
import { instant } from '../../../shared/contract/values';

/** The setting that holds the link. Other parts of the console look for it to know whether the workspace is linked. */
export const linkSetting = 'litellm_link';

const storedLink = z.object({ baseUrl: z.string(), headerName: z.string(), linkedAt: instant });

/** Which proxy a workspace is linked to. Its key is not here: it is in the secret store, bound to the proxy's origin. */
export type ProxyLink = z.infer<typeof storedLink>;

/** Null when no proxy is linked, or the setting was changed by hand into something else. */
export async function readLink({ select }: Connection): Promise<ProxyLink | null> {
  const [row] = await select<{ value: unknown }>(
    sql`SELECT value FROM litemaas_console.settings WHERE key = ${linkSetting}`,
  );
  const checked = storedLink.safeParse(row?.value);
  return checked.success ? checked.data : null;
}

export async function saveLink({ select }: Connection, link: ProxyLink): Promise<void> {
  await select(sql`
    INSERT INTO litemaas_console.settings (key, value)
    VALUES (${linkSetting}, ${JSON.stringify(link)}::jsonb)
    ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value, updated_at = CURRENT_TIMESTAMP`);
}

export async function removeLink({ select }: Connection): Promise<void> {
  await select(sql`DELETE FROM litemaas_console.settings WHERE key = ${linkSetting}`);
}
