import { redact } from '../../shared/redact';
import { ExactNumber } from '../litellm/client/exact-json';

/** What stands for a value that must not be shown. */
export const maskedValue = '••••••';

/**
 * Property names whose value is a secret, in lower case without separators. `liteLLMKeyId` held the whole key in
 * entries that LiteMaaS wrote before 0.4.0.
 */
const secretName =
  /^(key|token)$|(password|passwd|passphrase|secret|authorization|cookie|credentials?|apikey|masterkey|privatekey|keyvalue|litellmkey|litellmkeyid|(access|refresh|id|session|auth|bearer|virtual)token)$/;

/** True for a property whose value is hidden whatever it looks like. */
export function isSecretName(name: string): boolean {
  return secretName.test(name.replace(/[^a-z0-9]/gi, '').toLowerCase());
}

/**
 * A JSON value without secrets: by property name, and by what looks like a key or password anywhere in a text.
 * @param isSecret the value belongs to a property that is named for a secret: every text and number in it is hidden,
 *   however deep. Empty texts, booleans and nulls stay: they say whether there is one.
 */
export function maskSecrets(value: unknown, isSecret = false): unknown {
  if (typeof value === 'string') return isSecret && value !== '' ? maskedValue : redact(value);
  if (typeof value === 'number' || value instanceof ExactNumber) return isSecret ? maskedValue : value;
  if (Array.isArray(value)) return value.map((item) => maskSecrets(item, isSecret));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      redact(name),
      maskSecrets(inner, isSecret || isSecretName(name)),
    ]),
  );
}
