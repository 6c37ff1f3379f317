import { isSecretName } from './secret-columns';

/** LiteLLM keys: `sk-` and at least eight characters of the key. */
const litellmKey = /\bsk-[A-Za-z0-9_-]{8,}/g;
/** The same within the hexadecimal text of a bytea. */
const litellmKeyInHex = /736b2d(?:2d|5f|3[0-9]|[46][1-9a-f]|[57][0-9a]){8,}/gi;
/**
 * `://user:` and what follows of `postgresql://user:password@host`, up to the next address: a password may hold `@` and
 * `/` itself. It always matches to the end of what it looked at, so that no text makes it slow.
 */
const address = /(?<=[a-z0-9+.-]):\/\/([^\s/:@"']*):((?:(?!:\/\/)[^\s"'])+)/gi;
const port = /^\d{1,5}[/?#]/;
/** `password=…` of connection strings (`DATABASE_PASSWORD=…` too), `PASSWORD '…'` of SQL. */
const passwordInText = /(password|passwd)(\s*=\s*|\s+)('(?:[^']|'')*'?|[^\s'";,&)}\]]+)/gi;
/** `access_token = '…'` of SQL. */
const comparedText = /(?<!\w)([a-z_]\w{0,62})(["']?\s*(?:[=<>!~*]{1,3}|\bi?like\b)\s*e?)'(?:[^']|'')*'?/gi;
/** A field of JSON or hstore whose text may be a secret by its name; the end may be cut off. */
const namedText = /"([^"\\]{1,100})"(\s*(?::|=>)\s*)"((?:[^"\\]|\\[^])+)(?:"|\\?$)/g;
/** The same of JSON within an array (`{"{\"name\": …`) or within a row (`("{""name"": …`). */
const namedTextWithin = /(\\"|"")([^"\\]{1,100})\1(\s*:\s*)\1(?:[^"\\]|\\\\(?:\\\\|\\"|""|[^"\\]))+/g;

export interface MaskedText {
  readonly text: string;
  /** Whether a part of it was replaced. */
  readonly masked: boolean;
}

/**
 * Replaces the secrets within a text; everything else stays as it is.
 * @param isCut whether the text goes on where it ends here: what follows `user:` of an address is a password then,
 *   although its `@` is not seen.
 */
export function maskSecrets(text: string, { isCut = false } = {}): MaskedText {
  const masked = text
    .replace(litellmKey, 'sk-…')
    .replace(litellmKeyInHex, '736b2d…')
    .replace(address, (whole: string, user: string, rest: string, place: number, all: string) => {
      const isOpen = isCut && place + whole.length === all.length && !port.test(rest);
      const end = isOpen ? rest.length : rest.lastIndexOf('@');
      return end > 0 ? `://${user}:…${rest.slice(end)}` : whole;
    })
    .replace(passwordInText, (whole: string, word: string, between: string, value: string) =>
      // Prose says "password is wrong": only a quoted text after a blank is a value.
      between.includes('=') || value.startsWith("'") ? `${word}${between}…` : whole,
    )
    .replace(comparedText, (whole: string, name: string, between: string) =>
      isSecretName(name) ? `${name}${between}'…'` : whole,
    )
    .replace(namedTextWithin, (whole: string, quote: string, name: string, between: string) =>
      isSecretName(name) ? `${quote}${name}${quote}${between}${quote}…` : whole,
    )
    .replace(namedText, (whole: string, name: string, between: string) =>
      isSecretName(name) ? `"${name}"${between}"…"` : whole,
    );
  return { text: masked, masked: masked !== text };
}
