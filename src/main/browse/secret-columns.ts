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

const secretNames: readonly RegExp[] = [
  /pass(word|wd|phrase|code)/,
  /secret|credential/,
  // A token, not a count or kind of tokens: `refresh_token`, `token`; not `total_tokens`, `token_type`.
  /(^|_)token(_value)?$/,
  /(^|_)(api|access|private|master|signing|encryption|service|salt)_?key(_value)?$/,
  /(^|_)key_value$/,
  /^encrypted_|_encrypted$|_ciphertext$/,
  /(^|_)(authorization|auth_header|cookie|jwt|otp|totp|salt|code_verifier)(_|$)/,
  /(^|_)(dsn|conninfo|connection_string|database_url)$/,
];

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

/** `apiKeyValue` and `api-key-value` as `api_key_value`. */
function inWords(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toLowerCase();
}

/** Whether a name alone says that what it holds is a secret: of a column, or of a field within JSON. */
export function isSecretName(name: string): boolean {
  const words = inWords(name);
  return !/(^|_)per_token$/.test(words) && secretNames.some((pattern) => pattern.test(words));
}

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

/**
 * Whether the values of a column are never shown. `key_hash` and other hashes of keys are shown: a SHA-256 of a random
 * key can't be turned back, and it is what LiteLLM names keys by. Hashes of passwords are not.
 */
export function isSecretColumn({ relation, column, typeCategory }: NamedColumn): boolean {
  if (Object.hasOwn(catalogueNames, relation)) return catalogueNames[relation]?.test(column) ?? false;
  if (!canBeSecret(typeCategory)) return false;
  if (isSecretName(column)) return true;
  return sessionRelation.test(inWords(relation)) && sessionNames.test(inWords(column));
}
