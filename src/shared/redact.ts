const patterns: readonly (readonly [RegExp, string])[] = [
  // LiteLLM virtual and master keys; the last four characters are what LiteLLM itself shows.
  [/\bsk-(?!\.\.\.)[A-Za-z0-9_-]{4,}/g, 'sk-…'],
  [
    /\b(authorization|x-litellm-api-key|api-key|x-api-key)(["']?\s*[:=]\s*["']?)(?:bearer\s+|basic\s+)?[^\s"',}]+/gi,
    '$1$2…',
  ],
  [/\b(password|passwd|pgpassword|secret|token)(["']?\s*[:=]\s*["']?)[^\s"',}&]+/gi, '$1$2…'],
];

/**
 * `://user:` and all that follows without a blank, up to the next address: a password may hold `@` and `/` itself. It
 * always matches to the end of what it looked at, so that no text makes it slow.
 */
const address = /(?<=[a-z0-9+.-]):\/\/([^\s/:@]*):((?:(?!:\/\/)\S)*)/gi;

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
  return result;
}
