import { redact } from '../../shared/redact';

/** What stands for a value that must not be shown. */
export const maskedValue = '••••••';

/**
 * Property names whose text is a secret, in lower case without separators. `liteLLMKeyId` held the whole key in
 * entries that LiteMaaS wrote before 0.4.0.
 */
const secretName =
  /^(key|token)$|(password|passwd|passphrase|secret|authorization|cookie|credentials?|apikey|masterkey|privatekey|keyvalue|litellmkey|litellmkeyid|(access|refresh|id|session|auth|bearer|virtual)token)$/;

/** True for a property whose text is hidden whatever it looks like. */
export function isSecretName(name: string): boolean {
  return secretName.test(name.replace(/[^a-z0-9]/gi, '').toLowerCase());
}

/** A JSON value without secrets: by property name, and by what looks like a key or password anywhere in a text. */
export function maskSecrets(value: unknown): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map(maskSecrets);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [redact(name), maskProperty(name, inner)]),
  );
}

/** The value of a property, masked by its name too: texts, also in lists, of a property that is named for a secret. */
export function maskProperty(name: string, value: unknown): unknown {
  if (!isSecretName(name)) return maskSecrets(value);
  if (typeof value === 'string') return value === '' ? value : maskedValue;
  if (Array.isArray(value)) return value.map((item) => maskProperty(name, item));
  return maskSecrets(value);
}
