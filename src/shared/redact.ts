const patterns: readonly (readonly [RegExp, string])[] = [
  // LiteLLM virtual and master keys; the last four characters are what LiteLLM itself shows.
  [/\bsk-(?!\.\.\.)[A-Za-z0-9_-]{4,}/g, 'sk-…'],
  // The same within the hexadecimal text of a bytea.
  [/736b2d(?:2d|5f|3[0-9]|[46][1-9a-f]|[57][0-9a]){8,}/gi, '736b2d…'],
  [
    /\b(authorization|x-litellm-api-key|api-key|x-api-key)(["']?\s*[:=]\s*["']?)(?:bearer\s+|basic\s+)?[^\s"',}]+/gi,
    '$1$2…',
  ],
  // `ALTER ROLE … PASSWORD '…'`.
  [/(password|passwd)(\s+)'(?:[^']|'')+/gi, "$1$2'…"],
];

/** What stands after a header's first word is part of the secret. */
const header = /\b((?:proxy-)?authorization|(?:set-)?cookie)(\\*["']?\s*[:=]\s*\\*["']?)[^\n"'\\}]+/gi;

/**
 * `://user:` and all that follows without a blank, up to the next address: a password may hold `@` and `/` itself. It
 * always matches to the end of what it looked at, so that no text makes it slow.
 */
const address = /(?<=[a-z0-9+.-]):\/\/([^\s/:@]*):((?:(?!:\/\/)\S)*)/gi;

/** The end of a name whose value is a secret: `DATABASE_PASSWORD`, `client_secret`; not `cost_per_token`, `tokens`. */
const name = [
  '(?:pass(?:word|wd|phrase|code)|secret|credential)s?(?:[_-]?(?:value|key|hash|text))?',
  '(?<!per_|_cost_per_[a-z]{1,20}_)token(?:[_-]?value)?',
  '(?:api|access|private|master|signing|encryption|service|salt)[_-]?key(?:[_-]?value)?',
  'key[_-]?value|lite[_-]?llm[_-]?key|code[_-]?verifier',
  '(?<![a-z])(?:jwt|totp|otp|salt)',
].join('|');
/** A quoted text to its end, escaped quotes within it included; its own quotes may be escaped themselves. */
const quoted = [
  String.raw`(?<slashes>\\+)(?<mark>["'])(?:(?!\k<mark>)[^\\]|\k<slashes>\\(?:\k<slashes>[\\"']|[^"\\])|\\+(?![\\"']))+`,
  String.raw`"(?:[^"\\]|\\[^])+`,
  String.raw`'(?:[^'\\]|''|\\[^])+`,
].join('|');
/** An object or a list hides all that follows: what belongs to it is not looked for. */
const unquoted = String.raw`[{[](?!\s*[}\]](?:[\s,;)}\]]|$))[^]*|(?!\\*["'])[^\s"',}&{[][^\s"',}&]*`;
const between = String.raw`(?:\s*(?::=|=>|[:=])\s*|\s+i?like\s+(?='))`;

/** `"password": "…"` of JSON, also as text within JSON, and of Python; a quote that ends a sentence begins no value. */
const quotedValue = new RegExp(
  // Nothing follows a quoted text that could make it look back: it always ends well.
  // eslint-disable-next-line regexp/no-super-linear-backtracking
  String.raw`(${name})(\\*["']${between}|${between}(?!\\*["'][\s,}]))(${quoted})`,
  'gi',
);
/** The plainest names first: one may stand where a longer name (`client_secret: password = …`) has its value. */
const wholeName = /\b(password|passwd|pgpassword|secret|token)(["']?\s*[:=]\s*["']?)(?!\\+["'])[^\s"',}&]+/gi;
const unquotedValue = new RegExp(String.raw`(${name})((?:\\*["'])?${between})(${unquoted})`, 'gi');

/**
 * Removes what must never reach a log, an error or an export: LiteLLM keys, passwords in URLs, authorization
 * headers, and `password=`-like pairs. Text without a secret comes back unchanged.
 */
export function redact(text: string): string {
  let result = text.replace(address, (whole, user: string, rest: string) => {
    const end = rest.lastIndexOf('@');
    return end === -1 ? whole : `://${user}:…${rest.slice(end)}`;
  });
  for (const [pattern, replacement] of patterns) result = result.replace(pattern, replacement);
  return result
    .replace(quotedValue, withoutValue)
    .replace(wholeName, '$1$2…')
    .replace(unquotedValue, withoutValue)
    .replace(header, '$1$2…');
}

function withoutValue(_whole: string, named: string, separator: string, value: string): string {
  const [quote = ''] = /^\\*["']/.exec(value) ?? [];
  return `${named}${separator}${quote}…`;
}
