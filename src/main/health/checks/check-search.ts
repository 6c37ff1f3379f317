import { sql } from 'drizzle-orm';
import * as z from 'zod';
import type { HealthFinding } from '../../../shared/contract/health';
import { say } from '../../kernel/say';
import { type Check, facts } from './check';

/** Made by `litemaas_console.ensure_contains_indexes()` (migration 0009) where pg_trgm can be had. */
export const searchIndexes = [
  'users_contains',
  'api_keys_contains',
  'teams_contains',
  'models_contains',
] as const;

const searchFacts = z.strictObject({
  has_extension: z.boolean(),
  is_available: z.boolean(),
  missing: z.array(z.string()),
  sorts_by_icu: z.boolean(),
});

/** What search and sorting use where the server has it, and do without where it has not. */
export const checkSearch: Check = async ({ connection: { select } }) => {
  const [row] = await select(
    searchFacts,
    sql`SELECT
       EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm') AS has_extension,
       EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_trgm') AS is_available,
       ARRAY(
         SELECT wanted FROM unnest(${sql.param(searchIndexes)}::text[]) AS wanted
         WHERE NOT EXISTS (
           SELECT FROM pg_class WHERE relname = wanted AND relnamespace = 'public'::regnamespace AND relkind = 'i'
         )
       ) AS missing,
       EXISTS (
         SELECT FROM pg_collation
         WHERE collnamespace = 'litemaas_console'::regnamespace AND collname = 'name_order' AND collprovider = 'i'
       ) AS sorts_by_icu`,
  );
  if (!row) return { findings: [] };
  const findings: HealthFinding[] = [];
  if (row.missing.length > 0) {
    const canCreate = row.has_extension || row.is_available;
    findings.push({
      id: 'search:contains',
      severity: 'warning',
      title: say('health.search.contains'),
      meaning: say(canCreate ? 'health.search.containsMeaning' : 'health.search.containsUnavailable'),
      object: null,
      facts: facts(
        [say('health.search.extension'), say(row.has_extension ? 'health.yes' : 'health.no'), 'text'],
        [say('health.search.missingIndexes'), row.missing.join(', '), 'code'],
      ),
      evidenceSql: `SELECT name, installed_version FROM pg_available_extensions WHERE name = 'pg_trgm';\nSELECT indexname FROM pg_indexes WHERE schemaname = 'public' AND indexname LIKE '%\\_contains';`,
      repair: canCreate ? { kind: 'create_search_indexes' } : null,
    });
  }
  if (!row.sorts_by_icu) {
    findings.push({
      id: 'search:collation',
      severity: 'info',
      title: say('health.search.collation'),
      meaning: say('health.search.collationMeaning'),
      object: 'litemaas_console.name_order',
      facts: [],
      evidenceSql: `SELECT collname, collprovider FROM pg_collation WHERE collname = 'name_order';`,
      repair: null,
    });
  }
  return { findings };
};
