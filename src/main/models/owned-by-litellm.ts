import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { ChangedRecord, RecordFinding } from '../changes/change';
import { say } from '../kernel/say';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';
import { linkSetting } from '../workspace/console-settings';

/** What a person may set of every model: no pull writes it. */
const ownFields: readonly string[] = ['description', 'isActive'];

/**
 * SQL: whether model `m` comes from the linked proxy: each pull writes what it is, costs and can do. One that is gone
 * over there is left alone.
 */
export const isOfLitellm = sql`EXISTS (
  SELECT FROM ${from('settings', 'link')} JOIN ${from('litellm_objects', 'o')} ON o.proxy_id = link.value ->> 'baseUrl'
  WHERE link.key = ${linkSetting} AND o.kind = 'model' AND o.local_id = m.id AND o.state IN ('linked', 'conflict'))`;

const idRow = z.strictObject({ id: z.string() });

/** Those of some models that come from the linked proxy. */
export async function modelsOfLitellm(
  { select }: Connection,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await select(
    idRow,
    sql`SELECT m.id FROM ${from('models', 'm')} WHERE m.id = ANY(${sql.param([...ids])}::text[]) AND ${isOfLitellm}`,
  );
  return new Set(rows.map(({ id }) => id));
}

/** Keeps from being changed here what the next pull would put back. */
export async function litellmFindings(
  connection: Connection,
  changed: readonly ChangedRecord[],
): Promise<ReadonlyMap<string, readonly RecordFinding[]>> {
  const asked = changed.filter(({ set }) => Object.keys(set).some((field) => !ownFields.includes(field)));
  const found = await modelsOfLitellm(
    connection,
    asked.map(({ id }) => id),
  );
  return new Map(
    [...found].map((id) => [id, [{ severity: 'error', text: say('changes.models.isOfLitellm') }]]),
  );
}
