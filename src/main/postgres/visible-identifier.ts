const longestShown = 63;

/**
 * A name from a database as it may stand in a sentence: signs that are invisible or turn the line around are spelled
 * out (`\u202E`), and it ends after `longest` of them: 63, the longest that PostgreSQL's names are.
 */
export function visibleIdentifier(name: string, longest = longestShown): string {
  const signs = Array.from(name);
  const shown = signs
    .slice(0, longest)
    .join('')
    .replaceAll(
      /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115F\u1160\u3164\uFFA0]/gu,
      (sign) => `\\u${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`,
    );
  return signs.length > longest ? `${shown}…` : shown;
}
