import { decodedString, type JsonString, plainJson, readString } from './json-writing';
import { maskedValue, maskString } from './mask-json';
import { maskNamedValues } from './named-values';
import { isSecretProperty } from './secret-names';

/**
 * What {@link maskJson} does, for JSON as text that may be laid out, long, and cut anywhere: what is shown keeps its
 * layout, and numbers their digits. Where the text was cut, what is named for a secret is hidden to its end.
 */
export function maskJsonText(text: string): string {
  return maskStrings(
    maskNamedValues(text, {
      writing: plainJson,
      isSecret: isSecretProperty,
      mask: maskedValue,
      closesCut: false,
    }),
  );
}

/** The text with what looks like a key or password taken out of each of its strings, names included. */
function maskStrings(text: string): string {
  const parts: string[] = [];
  let copied = 0;
  for (let quoteAt = text.indexOf('"'); quoteAt !== -1; quoteAt = text.indexOf('"', copied)) {
    const string = readString(text, quoteAt, plainJson);
    parts.push(
      text.slice(copied, string.start),
      maskedContent(text, string),
      text.slice(string.contentEnd, string.end),
    );
    copied = string.end;
  }
  return `${parts.join('')}${text.slice(copied)}`;
}

/** What stands between the quotes of a string; as it is written where nothing has to be hidden. */
function maskedContent(text: string, string: JsonString): string {
  const decoded = decodedString(text, string, plainJson);
  const masked = maskString(decoded, { isCut: !string.isClosed });
  if (masked === decoded) return text.slice(string.start, string.contentEnd);
  return JSON.stringify(masked).slice(1, -1);
}
