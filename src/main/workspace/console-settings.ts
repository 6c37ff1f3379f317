import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';

/** The setting that holds the link to a LiteLLM proxy (`litellm/link`). */
export const linkSetting = 'litellm_link';

interface ConsoleSettings {
  readonly litellmLinked: boolean;
  readonly demo: boolean;
  /** NULL where the database has no opinion of its own. */
  readonly reportingTimeZone: string | null;
}

const setting = z.strictObject({ key: z.string(), value: z.unknown() });

/** What the table `settings` says about this database. */
export async function readSettings({ select }: Connection): Promise<ConsoleSettings> {
  const rows = await select(
    setting,
    sql`SELECT key, value FROM ${from('settings')} WHERE key IN (${linkSetting}, 'demo', 'reporting_time_zone')`,
  );
  const settings = new Map(rows.map(({ key, value }) => [key, value]));
  const zone = settings.get('reporting_time_zone');
  return {
    litellmLinked: settings.has(linkSetting),
    demo: settings.has('demo'),
    reportingTimeZone: typeof zone === 'string' ? zone : null,
  };
}

/** The address of the linked LiteLLM proxy, by which its objects are known; NULL where none is linked. */
export async function linkedProxy({ select }: Connection): Promise<string | null> {
  const [row] = await select(
    z.strictObject({ proxy: z.string().nullable() }),
    sql`SELECT value ->> 'baseUrl' AS proxy FROM ${from('settings')} WHERE key = ${linkSetting}`,
  );
  return row?.proxy ?? null;
}
