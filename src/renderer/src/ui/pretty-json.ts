const indentWidth = 2;

/**
 * A JSON text with one entry per line, or null when it is no JSON object or array. Only white space changes: long
 * numbers keep every digit and repeated keys stay, which parsing and printing would not do.
 */
export function prettyJson(text: string): string | null {
  if (!/^\s*[[{]/.test(text) || !isJson(text)) return null;
  const parts: string[] = [];
  let depth = 0;
  const line = (): string => `\n${' '.repeat(depth * indentWidth)}`;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"?|[{[]\s*[}\]]|[{}[\],:]|[^\s{}[\],:"]+/g)) {
    if (token === '{' || token === '[') {
      depth += 1;
      parts.push(token, line());
    } else if (token === '}' || token === ']') {
      depth -= 1;
      parts.push(line(), token);
    } else if (token === ',') parts.push(token, line());
    else if (token === ':') parts.push(': ');
    else parts.push(/^[{[]/.test(token) ? token.replace(/\s+/g, '') : token);
  }
  return parts.join('');
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
