import { sql } from 'drizzle-orm';
import * as z from 'zod';
import { bigInteger } from '../../../shared/contract/values';
import { AppError } from '../../../shared/errors';
import { tables } from '../../postgres/relations';
import { say } from '../../kernel/say';
import { facts } from '../checks/check';
import { searchIndexes } from '../checks/check-search';
import { durationOfBytes, type Repair, type RepairOf } from './repair';

const plannedIndexes = z.strictObject({ missing: z.array(z.string()), bytes: bigInteger });
const madeIndexes = z.strictObject({ complete: z.boolean() });

/** Creates pg_trgm and the trigram indexes that are missing. */
export const createSearchIndexes: Repair<RepairOf<'create_search_indexes'>> = {
  mode: 'transaction',
  async plan({ select }) {
    const [found] = await select(
      plannedIndexes,
      sql`SELECT
         ARRAY(
           SELECT wanted FROM unnest(${sql.param(searchIndexes)}::text[]) AS wanted WHERE to_regclass('public.' || wanted) IS NULL
         ) AS missing,
         (
           SELECT sum(pg_table_size(name)) FROM unnest(
             ${sql.param([tables.users, tables.api_keys, tables.teams, tables.models])}::regclass[]
           ) AS name
         )::text AS bytes`,
    );
    const { missing = [], bytes = '0' } = found ?? {};
    if (missing.length === 0) return null;
    return {
      title: say('health.repair.title.create_search_indexes'),
      facts: facts(
        [say('health.search.missingIndexes'), missing.join(', '), 'code'],
        [say('health.repair.toRead'), bytes, 'bytes'],
      ),
      statements: ['SELECT litemaas_console.ensure_contains_indexes();'],
      blocks: 'table_writes',
      duration: durationOfBytes(Number(bytes)),
      before: { missing },
    };
  },
  async run({ select }) {
    const [done] = await select(
      madeIndexes,
      sql`SELECT litemaas_console.ensure_contains_indexes() AS complete`,
    );
    if (done?.complete !== true) {
      throw new AppError('db_permission', say('health.repair.searchRefused'), {
        hint: say('health.repair.searchRefusedHint'),
      });
    }
    return { summary: say('health.repair.searchDone'), after: { missing: [] } };
  },
};
