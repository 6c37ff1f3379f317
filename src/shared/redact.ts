const patterns: readonly (readonly [RegExp, string])[] = [
  // LiteLLM virtual and master keys; the last four characters are what LiteLLM itself shows.
  [/\bsk-(?!\.\.\.)[A-Za-z0-9_-]{4,}/g, 'sk-…'],
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*):[^\s@]*@/gi, '$1:…@'],
  [
    /\b(authorization|x-litellm-api-key|api-key|x-api-key)(["']?\s*[:=]\s*["']?)(?:bearer\s+|basic\s+)?[^\s"',}]+/gi,
    '$1$2…',
  ],
  [/\b(password|passwd|pgpassword|secret|token)(["']?\s*[:=]\s*["']?)[^\s"',}&]+/gi, '$1$2…'],
];

/**
 * Removes what must never reach a log, an error or an export: LiteLLM keys, passwords in URLs, authorization
 * headers, and `password=`-like pairs. Text without a secret comes back unchanged.
 */
export function redact(text: string): string {
  let result = text;
  for (const [pattern, replacement] of patterns) result = result.replace(pattern, replacement);
  return result;
}
