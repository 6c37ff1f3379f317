import { sql } from 'drizzle-orm';
import * as z from 'zod';
import { bigInteger } from '../../../shared/contract/values';
import type { Connection } from '../../postgres/database';

const unvalidatedConstraint = z.strictObject({
  schema: z.string(),
  table_name: z.string(),
  name: z.string(),
  definition: z.string(),
  /** NULL where the table was never analysed. */
  estimated_rows: bigInteger.nullable(),
});
export type UnvalidatedConstraint = z.infer<typeof unvalidatedConstraint>;

/** Constraints that hold for new rows and were never checked on the old ones. */
export function readUnvalidatedConstraints({ select }: Connection): Promise<UnvalidatedConstraint[]> {
  // From 18 on a constraint may also be NOT ENFORCED, which nothing validates: not meant here.
  return select(
    unvalidatedConstraint,
    sql`
    SELECT n.nspname AS schema, c.relname AS table_name, k.conname AS name, pg_get_constraintdef(k.oid) AS definition,
      CASE WHEN c.reltuples >= 0 THEN c.reltuples::bigint::text END AS estimated_rows
    FROM pg_constraint k
    JOIN pg_class c ON c.oid = k.conrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE NOT k.convalidated AND k.conparentid = 0
      AND coalesce(to_jsonb(k) ->> 'conenforced', 'true') = 'true'
      AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    ORDER BY 1, 2, 3`,
  );
}
