import type pg from 'pg';
import { linkSetting } from '../litellm/link/proxy-link';

interface ConsoleSettings {
  readonly litellmLinked: boolean;
  readonly demo: boolean;
  /** NULL where the database has no opinion of its own. */
  readonly reportingTimeZone: string | null;
}

/** What `litemaas_console.settings` says about this database. */
export async function readSettings(client: pg.ClientBase): Promise<ConsoleSettings> {
  const { rows } = await client.query<{ key: string; value: unknown }>(
    `SELECT key, value FROM litemaas_console.settings WHERE key IN ($1, 'demo', 'reporting_time_zone')`,
    [linkSetting],
  );
  const settings = new Map(rows.map(({ key, value }) => [key, value]));
  const zone = settings.get('reporting_time_zone');
  return {
    litellmLinked: settings.has(linkSetting),
    demo: settings.has('demo'),
    reportingTimeZone: typeof zone === 'string' ? zone : null,
  };
}
