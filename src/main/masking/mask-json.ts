import { redact } from '../../shared/redact';
import { ExactNumber } from '../kernel/exact-json';
import { maskText } from './mask-text';
import { isSecretProperty } from './secret-names';

/** What stands for a value that must not be shown. */
export const maskedValue = '••••••';

/**
 * A JSON value without secrets: by property name, and by what looks like a key or password anywhere in a text.
 * @param isSecret the value belongs to a property that is named for a secret: every text and number in it is hidden,
 *   however deep. Empty texts, booleans and nulls stay: they say whether there is one.
 */
export function maskJson(value: unknown, isSecret = false): unknown {
  if (typeof value === 'string') return isSecret && value !== '' ? maskedValue : maskString(value);
  if (typeof value === 'number' || value instanceof ExactNumber) return isSecret ? maskedValue : value;
  if (Array.isArray(value)) return value.map((item) => maskJson(item, isSecret));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      maskString(name),
      maskJson(inner, isSecret || isSecretProperty(name)),
    ]),
  );
}

/**
 * A text out of JSON, or a name in it, without what looks like a key or password.
 * @param isCut as of {@link maskText}.
 */
export function maskString(text: string, { isCut = false } = {}): string {
  return maskText(redact(text), { isCut }).text;
}
