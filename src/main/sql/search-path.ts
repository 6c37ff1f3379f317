import type pg from 'pg';
import { pinnedSettings } from '../postgres/session-settings';

/** The schemas a person's statement finds names in, in their order. */
export function personPath(schemas: readonly string[]): readonly string[] {
  return ['pg_catalog', ...chosen(schemas)];
}

/**
 * Does a piece of a person's statement under its path, with the console's own path again right after. SET resolves no
 * name, so that nothing planted can stand in its way. After a failure the transaction is over.
 */
export async function asPerson<T>(
  client: pg.Client,
  schemas: readonly string[],
  work: () => Promise<T>,
): Promise<T> {
  await client.query(toPersonPath(schemas));
  const answer = await work();
  await client.query(toOwnPath);
  return answer;
}

/** Sets the path of a person's statement. */
export function toPersonPath(schemas: readonly string[]): string {
  return `SET LOCAL search_path = ${['pg_catalog', ...chosen(schemas).map(quoted), 'pg_temp'].join(', ')}`;
}

/** Sets the console's own path again. */
export const toOwnPath = `SET LOCAL search_path = ${pinnedSettings.search_path}`;

/** Without what is first and last anyway, and without `$user`, which stands for a schema that nobody chose. */
function chosen(schemas: readonly string[]): readonly string[] {
  return [...new Set(schemas)].filter((name) => !['pg_catalog', 'pg_temp', '$user'].includes(name));
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
