import { describe, expect, it } from 'vitest';
import { isSecretColumn } from './secret-columns';

const isSecret = (column: string, relation = 'things', typeCategory = 'S'): boolean =>
  isSecretColumn({ relation, column, typeCategory });

describe('isSecretColumn', () => {
  it.each([
    ...[
      'password',
      'password_hash',
      'dbPassword',
      'passwd',
      'pass_phrase_passphrase',
      'client_secret',
      'secretKey',
    ],
    ...[
      'credential_values',
      'token',
      'refresh_token',
      'accessToken',
      'id_token',
      'api_key',
      'apiKey',
      'APIKEY',
    ],
    ...[
      'lite_llm_key_value',
      'master_key',
      'encrypted_api_key',
      'api_key_encrypted',
      'authorization',
      'salt',
    ],
    ...['database_url', 'private-key', 'code_verifier', 'session_cookie'],
  ])('hides %s', (column) => expect(isSecret(column)).toBe(true));

  it.each([
    ...[
      'total_tokens',
      'request_tokens',
      'max_tokens',
      'tokens_per_minute',
      'token_count',
      'token_type',
      'tpm_limit',
    ],
    ...[
      'key_hash',
      'key_prefix',
      'key_alias',
      'api_key_id',
      'api_key_name',
      'status',
      'state',
      'data',
      'passport',
    ],
    ...['compass', 'result', 'input_cost_per_token', 'tokenizer', 'primary_key_column', 'monkey'],
  ])('shows %s', (column) => expect(isSecret(column)).toBe(false));

  it('shows numbers, booleans and dates whatever they are called', () => {
    expect(isSecret('token', 'things', 'N')).toBe(false);
    expect(isSecret('has_password', 'things', 'B')).toBe(false);
    expect(isSecret('password_changed', 'things', 'D')).toBe(false);
  });

  it('hides what grants a session where rows are sessions', () => {
    for (const relation of ['oauth_sessions', 'OAuthSession', 'sessions', 'refresh_tokens']) {
      expect([relation, isSecret('state', relation)]).toEqual([relation, true]);
    }
    expect(isSecret('created_by', 'oauth_sessions')).toBe(false);
  });

  it('hides what PostgreSQL’s own catalogue quotes of other columns', () => {
    expect(isSecret('most_common_vals', 'pg_stats', 'P')).toBe(true);
    expect(isSecret('umoptions', 'pg_user_mappings', 'A')).toBe(true);
    expect(isSecret('rolpassword', 'pg_authid')).toBe(true);
  });
});
