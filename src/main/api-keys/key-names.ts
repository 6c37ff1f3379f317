import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { Change } from '../changes/change';
import { from } from '../postgres/relations';

/** What keys are called: by name, by LiteLLM's alias where they have none, else by what may be shown of the key. */
export const keyNames: NonNullable<Change['namesOf']> = async ({ select }, records) => {
  const rows = await select(
    z.strictObject({ id: z.string(), label: z.string() }),
    sql`SELECT k.id::text AS id, coalesce(nullif(k.name, ''), nullif(k.litellm_key_alias, ''), k.key_prefix) AS label
        FROM ${from('api_keys', 'k')} WHERE k.id = ANY(${sql.param(records.map(({ id }) => id))}::uuid[])`,
  );
  return new Map(rows.map(({ id, label }) => [id, label]));
};
