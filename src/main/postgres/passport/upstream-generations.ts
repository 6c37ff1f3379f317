/**
 * LiteMaaS's own schema has no version number: its start-up script adds what is missing at every start. A generation
 * is known by what it added, oldest first. `release` is the first one that creates it.
 */
export interface Generation {
  readonly release: string;
  /** Tables (`banner_announcements`) and columns (`models.api_base`) that came with it. */
  readonly added: readonly string[];
}

/** The column that only LiteMaaS's own schema has: prices per token instead of per thousand. */
export const upstreamMark = 'models.input_cost_per_token';

export const generations: readonly Generation[] = [
  { release: '0.0.7', added: [upstreamMark] },
  { release: '0.0.15', added: ['banner_announcements', 'user_banner_dismissals', 'banner_audit_log'] },
  {
    release: '0.0.18',
    added: [
      'models.api_base',
      'models.tpm',
      'models.rpm',
      'models.litellm_model_id',
      'models.backend_model_name',
    ],
  },
  { release: '0.0.19', added: ['api_keys.updated_at'] },
  {
    release: '0.1.1',
    added: [
      'daily_usage_cache',
      'subscription_status_history',
      'api_keys.litellm_key_alias',
      'models.restricted_access',
      'subscriptions.status_reason',
      'subscriptions.status_changed_at',
      'subscriptions.status_changed_by',
    ],
  },
  {
    release: '0.3.1',
    added: ['branding_settings', 'system_settings', 'users.budget_duration', 'models.encrypted_api_key'],
  },
];

/** Tables that releases before 0.1 made and later ones neither fill nor drop. */
export const retiredTables = ['usage_logs', 'usage_summaries'] as const;

export interface FoundGeneration {
  readonly release: string;
  /** The release that brought the next generation; null for the newest that is known. */
  readonly before: string | null;
  /** What this release or an older one creates and is not there: a start-up script that failed half-way. */
  readonly missing: readonly string[];
  /** Came from a release that still logged usage in tables of its own. */
  readonly upgradedInPlace: boolean;
}

/**
 * The generation of LiteMaaS's own schema that has everything in `present` (tables and columns by name), or null
 * where it is not that schema.
 */
export function findGeneration(present: ReadonlySet<string>): FoundGeneration | null {
  if (!present.has(upstreamMark)) return null;
  const index = generations.findLastIndex(({ added }) => added.some((name) => present.has(name)));
  const generation = generations[index];
  if (!generation) return null;
  return {
    release: generation.release,
    before: generations[index + 1]?.release ?? null,
    missing: generations
      .slice(0, index + 1)
      .flatMap(({ added }) => added)
      .filter((name) => !present.has(name)),
    upgradedInPlace:
      index >= generations.findIndex(({ release }) => release === '0.1.1') &&
      retiredTables.some((name) => present.has(name)),
  };
}
