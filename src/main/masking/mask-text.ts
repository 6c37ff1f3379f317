import { jsonInArray, jsonInRow, plainJson, pythonJson } from './json-writing';
import { maskNamedValues, type NamedValues } from './named-values';
import { isSecretName } from './secret-names';

/**
 * LiteLLM keys: `sk-` and at least eight characters of the key; fewer where a digit is among them, as in the `sk-1234`
 * of LiteLLM's manual.
 */
const litellmKey = /\bsk-(?:[A-Za-z0-9_-]{8,}|(?=[A-Za-z_-]{0,6}\d)[A-Za-z0-9_-]{4,7})/g;
/** The same within the hexadecimal text of a bytea. */
const litellmKeyInHex = /736b2d(?:2d|5f|3[0-9]|[46][1-9a-f]|[57][0-9a]){8,}/gi;
/**
 * `://user:` and what follows of `postgresql://user:password@host`, up to the next address: a password may hold `@`, `/`
 * and quotes itself, but not one that ends a text. It always matches to the end of what it looked at, so that no text
 * makes it slow.
 */
const address =
  /(?<=[a-z0-9+.-]):\/\/((?:[^\s/:@"']|["'](?![\s"',:;)\]}]|$))*):((?:(?!:\/\/)(?:[^\s"']|["'](?![\s"',:;)\]}]|$)))+)/gi;
const port = /^\d{1,5}[/?#]/;
/** A header up to the end of its line: what stands after its first word is part of the secret. */
const header = /\b((?:proxy-)?authorization|(?:set-)?cookie)(\s*:(?!:)[^\S\n]*)[^\s"'][^\n"']*/gi;
/** `password=…` of connection strings (`DATABASE_PASSWORD=…` too), `PASSWORD '…'` of SQL. */
const passwordInText = /(password|passwd)(\s*:?=>?\s*|\s+)('(?:[^']|'')*'?|[^\s'";,&)}\]]+)/gi;
/** `access_token = '…'` of SQL, `'api_key': '…'` of Python. */
const comparedText =
  /(?<!\w)([a-z_]\w{0,62})(["']?\s*(?::=|:(?!:)|[=<>!~*]{1,3}|\bi?like\b)\s*e?)'(?:[^']|'')*'?/gi;
/** `api_key=…` of a form, an environment or an address, `token: …` of YAML; not `token = …`, which compares in SQL. */
const assignment = /(?<![\w-])([a-z_][\w-]{0,62})(?:=(?!>)|:(?![:=])[^\S\n]*)/gi;
const assignedText =
  /"(?![\s,:;)\]}])(?:[^"\\\n]|\\.)*"?|(?:(?:bearer|basic|digest|token)\s+)?[^\s"'=:;,&()<>{}[\]][^\s"';,&()}\]]*/iy;
/** `api_key = …` on a line of its own, as in files of settings. */
const setting = /^([^\S\n\r\u2028\u2029]*([a-z_][\w-]{0,62})[^\S\n]*=[^\S\n]+)([^\s'…][^\n]*)/gim;
/** What stands in SQL for a value, and what is known not to be one. */
const placeholder = /^(?:\$\d+|%s|\?|…|true|false|null|none)$/i;
const columnPath = /^(?:[a-z_]\w*\.){1,2}([a-z_]\w*)$/i;

/** Without one of these a text holds nothing of what is looked for: most values are seen to be harmless at once. */
const signOfSecret = /sk-|736b2d|[:='"]/i;

const named = { isSecret: isSecretName, mask: '…' };
const writings: readonly NamedValues[] = [
  { ...named, writing: plainJson, closesCut: true },
  { ...named, writing: pythonJson, closesCut: false },
  { ...named, writing: jsonInArray, closesCut: false },
  { ...named, writing: jsonInRow, closesCut: false },
];

export interface MaskedText {
  readonly text: string;
  /** Whether a part of it was replaced. */
  readonly masked: boolean;
}

/**
 * Replaces the secrets within a text of any kind: prose, JSON, SQL, a connection string, a value as PostgreSQL prints
 * it. Everything else stays as it is.
 * @param isCut whether the text goes on where it ends here: what follows `user:` of an address is a password then,
 *   although its `@` is not seen.
 */
export function maskText(text: string, { isCut = false } = {}): MaskedText {
  if (!signOfSecret.test(text)) return { text, masked: false };
  const replaced = text
    .replace(address, (whole: string, user: string, rest: string, place: number, all: string) => {
      const isOpen = isCut && place + whole.length === all.length && !port.test(rest);
      const end = isOpen ? rest.length : rest.lastIndexOf('@');
      return end > 0 ? `://${user}:…${rest.slice(end)}` : whole;
    })
    .replace(litellmKey, 'sk-…')
    .replace(litellmKeyInHex, '736b2d…')
    .replace(header, '$1$2…')
    .replace(passwordInText, (whole: string, word: string, between: string, value: string) =>
      // Prose says "password is wrong": only a quoted text after a blank is a value.
      between.includes('=') || value.startsWith("'") ? `${word}${between}…` : whole,
    )
    .replace(comparedText, (whole: string, name: string, between: string) =>
      isSecretName(name) ? `${name}${between}'…'` : whole,
    )
    .replace(setting, (whole: string, beginning: string, name: string, value: string) =>
      isSecretName(name) && !isReference(value) ? `${beginning}…` : whole,
    );
  const masked = writings.reduce(maskNamedValues, maskAssigned(replaced));
  return { text: masked, masked: masked !== text };
}

function maskAssigned(text: string): string {
  const parts: string[] = [];
  let copied = 0;
  assignment.lastIndex = 0;
  for (let found = assignment.exec(text); found !== null; found = assignment.exec(text)) {
    if (!isSecretName(found[1] ?? '')) continue;
    assignedText.lastIndex = assignment.lastIndex;
    const [value] = assignedText.exec(text) ?? [];
    if (value === undefined || isReference(value)) continue;
    parts.push(text.slice(copied, assignment.lastIndex), '…');
    copied = assignedText.lastIndex;
    assignment.lastIndex = copied;
  }
  return parts.length === 0 ? text : `${parts.join('')}${text.slice(copied)}`;
}

/** Whether a value only names where a secret is, as the other side of `a.token=b.token` does. */
function isReference(value: string): boolean {
  let length = value.length;
  while (length > 0 && /[\s,;)]/.test(value.charAt(length - 1))) length -= 1;
  const end = value.slice(0, length);
  const [, column = ''] = columnPath.exec(end) ?? [];
  return placeholder.test(end) || isSecretName(column);
}
