import { AppError } from '../../../shared/errors';
import { say } from '../../say';
import { facts } from '../checks/check';
import { searchIndexes } from '../checks/check-search';
import { durationOfBytes, type Repair, type RepairOf } from './repair';

/** Creates pg_trgm and the trigram indexes that are missing. */
export const createSearchIndexes: Repair<RepairOf<'create_search_indexes'>> = {
  mode: 'transaction',
  async plan({ client }) {
    const { rows } = await client.query<{ missing: string[]; bytes: string }>(
      `SELECT
         ARRAY(
           SELECT wanted FROM unnest($1::text[]) AS wanted WHERE to_regclass('public.' || wanted) IS NULL
         ) AS missing,
         (
           SELECT sum(pg_table_size(name)) FROM unnest(
             ARRAY['public.users', 'public.api_keys', 'public.teams', 'public.models']::regclass[]
           ) AS name
         )::text AS bytes`,
      [searchIndexes],
    );
    const { missing = [], bytes = '0' } = rows[0] ?? {};
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
    };
  },
  async run({ client }) {
    const { rows } = await client.query<{ complete: boolean }>(
      'SELECT litemaas_console.ensure_contains_indexes() AS complete',
    );
    if (rows[0]?.complete !== true) {
      throw new AppError('db_permission', say('health.repair.searchRefused'), {
        hint: say('health.repair.searchRefusedHint'),
      });
    }
    return say('health.repair.searchDone');
  },
};
