import { isSecretName } from './secret-columns';

/** LiteLLM keys: `sk-` and at least eight characters of the key. */
const litellmKey = /\bsk-[A-Za-z0-9_-]{8,}/g;
/** The same within the hexadecimal text of a bytea. */
const litellmKeyInHex = /736b2d(?:2d|5f|3[0-9]|[46][1-9a-f]|[57][0-9a]){8,}/gi;
/** `postgresql://user:password@host`. */
const passwordInUri = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@"']*):[^\s@"']+@/gi;
/** `password=…` of connection strings, `PASSWORD '…'` of SQL. */
const passwordInText = /\b(password|passwd)(\s*=\s*|\s+)('(?:[^']|'')*'?|[^\s'";,&)}\]]+)/gi;
/** A field of JSON or hstore whose text may be a secret by its name; the end may be cut off. */
const namedText = /"([^"\\]{1,100})"(\s*(?::|=>)\s*)"((?:[^"\\]|\\.)+)(?:"|\\?$)/g;

export interface MaskedText {
  readonly text: string;
  /** Whether a part of it was replaced. */
  readonly masked: boolean;
}

/** Replaces the secrets within a text; everything else stays as it is. */
export function maskSecrets(text: string): MaskedText {
  const masked = text
    .replace(litellmKey, 'sk-…')
    .replace(litellmKeyInHex, '736b2d…')
    .replace(passwordInUri, '$1:…@')
    .replace(passwordInText, (whole: string, word: string, between: string, value: string) =>
      // Prose says "password is wrong": only a quoted text after a blank is a value.
      between.includes('=') || value.startsWith("'") ? `${word}${between}…` : whole,
    )
    .replace(namedText, (whole: string, name: string, between: string) =>
      isSecretName(name) ? `"${name}"${between}"…"` : whole,
    );
  return { text: masked, masked: masked !== text };
}
