import type { ApiKeyRow } from '../../../shared/contract/api-keys';

/** What a key is recognised by, as the database labels it: its name, else its alias in LiteLLM, else its prefix. */
export function keyName({ name, alias, prefix }: Pick<ApiKeyRow, 'name' | 'alias' | 'prefix'>): string {
  return [name, alias].find((text) => text !== null && text !== '') ?? prefix;
}

/** The alias in LiteLLM where it is not already what the key is recognised by: none or one. */
export function otherAlias(key: Pick<ApiKeyRow, 'name' | 'alias' | 'prefix'>): readonly string[] {
  return key.alias === null || key.alias === '' || key.alias === keyName(key) ? [] : [key.alias];
}
