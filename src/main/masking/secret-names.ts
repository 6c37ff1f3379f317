/** Names in words ({@link inWords}), of columns and of properties alike. */
const inSeparateWords: readonly RegExp[] = [
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

/** What words do not tell apart: `IDToken`, `pass_word`, `openaiapikey`. In lower case without separators. */
const inOneWord =
  /(password|passwd|passphrase|secret|authorization|cookie|credentials?|apikey|masterkey|privatekey|keyvalue|(access|refresh|id|session|auth|bearer|virtual)token)$/;

/** A price: `input_cost_per_token`, `output_cost_per_reasoning_token`. */
const price = /(^|_)per_token$|_cost_per_[a-z]{1,20}_token$/;

/**
 * The base rule: whether a name alone says that what it holds is a secret, of a column or of a field within a text.
 * `key_hash` and other hashes of keys are none: a SHA-256 of a random key can't be turned back, and it is what LiteLLM
 * names keys by. Hashes of passwords are.
 */
export function isSecretName(name: string): boolean {
  const words = inWords(name);
  if (price.test(words)) return false;
  return inSeparateWords.some((pattern) => pattern.test(words)) || inOneWord.test(withoutSeparators(name));
}

/**
 * A property that LiteMaaS and LiteLLM mean a key by, in lower case without separators. `liteLLMKeyId` held the whole
 * key in entries that LiteMaaS wrote before 0.4.0. Not in the base rule: elsewhere `key` names a setting (`key`,
 * `value`), and the column `lite_llm_key_id` holds an id.
 */
const keyOfLiteMaas = /^key$|litellmkey(id)?$/;

/** What a property says of a secret. A column's type tells a date or a number; JSON has neither, so the name has to. */
const saidOfSecret = /_(policy|name|at|length|count)$/;

/** The rule for properties of what LiteMaaS, LiteLLM and the console keep as JSON: audit entries and metadata. */
export function isSecretProperty(name: string): boolean {
  return (
    keyOfLiteMaas.test(withoutSeparators(name)) || (isSecretName(name) && !saidOfSecret.test(inWords(name)))
  );
}

/** `apiKeyValue` and `api-key-value` as `api_key_value`. */
export function inWords(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toLowerCase();
}

function withoutSeparators(name: string): string {
  return name.replace(/[^a-z0-9]/gi, '').toLowerCase();
}
