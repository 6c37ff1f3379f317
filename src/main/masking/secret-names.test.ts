import { describe, expect, it } from 'vitest';
import { isSecretName, isSecretProperty } from './secret-names';

const secrets = [
  ...[
    'password',
    'passwd',
    'pass_word',
    'passphrase',
    'passcode',
    'dbPassword',
    'password_hash',
    'DATABASE_PASSWORD',
  ],
  ...[
    'secret',
    'client_secret',
    'secretKey',
    'credential',
    'credentials',
    'credential_values',
    'clientCredentials',
  ],
  ...[
    'token',
    'accessToken',
    'refresh_token',
    'IDToken',
    'virtualtoken',
    'session-token',
    'csrf_token',
    'token_value',
  ],
  ...['api_key', 'apiKey', 'APIKEY', 'openaiapikey', 'x-api-key', 'masterKey', 'private_key', 'signing_key'],
  ...['keyValue', 'key_value', 'lite_llm_key_value', 'liteLLMKeyValue', 'encrypted_note', 'note_encrypted'],
  ...[
    'authorization',
    'Proxy-Authorization',
    'cookie',
    'sessionCookie',
    'jwt',
    'otp',
    'salt',
    'code_verifier',
  ],
  ...['dsn', 'connection_string', 'DATABASE_URL'],
];

const harmless = [
  ...['total_tokens', 'max_tokens', 'token_type', 'token_count', 'tokenizer', 'inputTokens', 'maxTokens'],
  ...['input_cost_per_token', 'output_cost_per_reasoning_token', 'cache_read_input_token_cost'],
  ...[
    'key_hash',
    'key_prefix',
    'key_alias',
    'api_key_id',
    'api_key_name',
    'keys',
    'primary_key_column',
    'monkey',
  ],
  ...['passport', 'compass', 'result', 'state', 'model', 'note', 'litellm_key_alias', ''],
];

/** Hidden as a property only: what LiteMaaS means a key by. */
const ofPropertiesOnly = ['key', 'KEY', 'liteLLMKey', 'lite_llm_key', 'liteLLMKeyId', 'litellm_key_id'];

/** Hidden as a column or a field of a text only: a property that says something about a secret. */
const shownAsProperty = [
  ...['password_policy', 'litellm_credential_name', 'secretName', 'password_changed_at', 'passwordLength'],
  ...['credentials_count'],
];

describe('the names of secrets', () => {
  it.each(secrets)('are the same for columns, texts and properties: %s', (name) => {
    expect([isSecretName(name), isSecretProperty(name)]).toEqual([true, true]);
  });

  it.each(harmless)('do not include %s', (name) => {
    expect([isSecretName(name), isSecretProperty(name)]).toEqual([false, false]);
  });

  it.each(ofPropertiesOnly)('include %s for properties only', (name) => {
    expect([isSecretName(name), isSecretProperty(name)]).toEqual([false, true]);
  });

  it.each(shownAsProperty)('include %s for columns and texts only', (name) => {
    expect([isSecretName(name), isSecretProperty(name)]).toEqual([true, false]);
  });

  it('include all that either of the two rules had before they were one', () => {
    const ofAudit = [
      ...[
        'key',
        'token',
        'password',
        'passwd',
        'passphrase',
        'secret',
        'authorization',
        'cookie',
        'credential',
      ],
      ...['credentials', 'apikey', 'masterkey', 'privatekey', 'keyvalue', 'litellmkey', 'litellmkeyid'],
      ...['access', 'refresh', 'id', 'session', 'auth', 'bearer', 'virtual'].map((kind) => `${kind}token`),
    ];
    for (const name of ofAudit) {
      expect([name, isSecretProperty(name)]).toEqual([name, true]);
      // All but these two counted at the end of any name.
      const longer = `any_${name}`;
      expect([longer, isSecretProperty(longer)]).toEqual([longer, name !== 'key']);
    }
  });

  it('are found in a name of a mebibyte', () => {
    expect(isSecretName('_cost_per_'.repeat(104_858))).toBe(false);
    expect(isSecretProperty(`${'a'.repeat(1_048_576)}Password`)).toBe(true);
  });
});
