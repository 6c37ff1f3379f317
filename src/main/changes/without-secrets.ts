import type { ChangeValue } from '../../shared/contract/changes';
import { maskString } from '../masking/mask-json';
import type { Image } from './record-table';

/** Whether a value holds what looks like a key or a password: texts were written by people and other programs too. */
export function holdsSecret(value: ChangeValue | undefined): boolean {
  if (typeof value === 'string') return maskString(value) !== value;
  return Array.isArray(value) && value.some((item) => maskString(item) !== item);
}

/**
 * What the journal may keep of an image: a field that holds a secret is left out, so that taking a change back leaves it
 * as it is then.
 */
export function withoutSecrets(image: Image): Image {
  return Object.fromEntries(Object.entries(image).filter(([, value]) => !holdsSecret(value)));
}

/** Facts for the audit trail, with a mark for each secret in a text of theirs. */
export function maskTexts(value: unknown): unknown {
  if (typeof value === 'string') return maskString(value);
  if (Array.isArray(value)) return value.map(maskTexts);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, maskTexts(inner)]));
}
