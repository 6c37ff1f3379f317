import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { Image } from '../changes/record-table';
import type { Connection } from '../postgres/database';
import { from } from '../postgres/relations';

const nameRow = z.strictObject({ id: z.string(), name: z.string() });

/** Subscriptions by who has them and the model, also those that are not there yet. */
export async function subscriptionNames(
  { select }: Connection,
  records: readonly { readonly id: string; readonly image: Image }[],
): Promise<ReadonlyMap<string, string>> {
  const wanted = records.map(({ id, image }) => ({
    id,
    userId: image['userId'] ?? null,
    modelId: image['modelId'] ?? null,
  }));
  const rows = await select(
    nameRow,
    sql`
    SELECT w.id, u.username || ' · ' || m.name AS name
    FROM jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) AS w (id text, "userId" uuid, "modelId" text)
    JOIN ${from('users', 'u')} ON u.id = w."userId" JOIN ${from('models', 'm')} ON m.id = w."modelId"`,
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}
