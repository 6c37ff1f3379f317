import { inWords, isSecretName } from './secret-names';

/** What is known of a column when its values are about to be shown. */
export interface NamedColumn {
  /** Empty where it belongs to no relation (an expression of a statement). */
  readonly relation: string;
  readonly column: string;
  /** `pg_type.typcategory` of its type: `N` for numbers, `S` for text. */
  readonly typeCategory: string;
}

/** Numbers, booleans, dates and intervals hold no secret, whatever they are called (`input_cost_per_token`). */
const harmlessCategories: ReadonlySet<string> = new Set(['N', 'B', 'D', 'T']);

/** Where a row is a session, these grant it. */
const sessionRelation = /oauth_?(session|state)|refresh_?token|(^|_)sessions?$/;
const sessionNames = /^(state|nonce|code|sid|sess|session|session_data|data|code_challenge)$/;

/** PostgreSQL's own columns that quote others' values or hold passwords. */
const catalogueNames: Readonly<Record<string, RegExp>> = {
  pg_stats: /^(most_common_vals|histogram_bounds|most_common_elems)$/,
  pg_stats_ext: /^most_common_vals$/,
  pg_stats_ext_exprs: /^(most_common_vals|histogram_bounds|most_common_elems)$/,
  pg_statistic: /^stavalues\d$/,
  pg_statistic_ext_data: /^stxd(mcv|expr)$/,
  pg_subscription: /^subconninfo$/,
  pg_user_mapping: /^umoptions$/,
  pg_user_mappings: /^umoptions$/,
};

/** Whether values of a type, given by its `pg_type.typcategory`, can be secrets at all. */
export function canBeSecret(typeCategory: string): boolean {
  return !harmlessCategories.has(typeCategory);
}

/** Whether one of the names, of columns and of relations, is that of a column whose values are never shown. */
export function holdsSecrets(names: readonly string[]): boolean {
  const relations = names.filter(
    (name) => Object.hasOwn(catalogueNames, name) || sessionRelation.test(inWords(name)),
  );
  return names.some(
    (column) =>
      isSecretName(column) ||
      relations.some((relation) => isSecretColumn({ relation, column, typeCategory: 'S' })),
  );
}

/** Whether the values of a column are never shown. */
export function isSecretColumn({ relation, column, typeCategory }: NamedColumn): boolean {
  if (Object.hasOwn(catalogueNames, relation)) return catalogueNames[relation]?.test(column) ?? false;
  if (!canBeSecret(typeCategory)) return false;
  if (isSecretName(column)) return true;
  return sessionRelation.test(inWords(relation)) && sessionNames.test(inWords(column));
}
