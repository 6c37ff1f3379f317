/** Signs that nobody sees: soft hyphen, zero-width signs, marks of direction, byte order mark. */
const invisible = /[\u00AD\u061C\u180E\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u206F\uFEFF]/g;

/**
 * A name as it is kept: composed (NFC), without signs that nobody sees, without space around it. So the same name is
 * the same text, whichever keyboard wrote it.
 */
export function plainName(text: string): string {
  return plainText(text).trim();
}

/** The same of a text that is more than a name: space around it may mean something. */
export function plainText(text: string): string {
  return text.normalize('NFC').replaceAll(invisible, '');
}

/** A letter that looks like one of another script. */
export interface OddLetter {
  readonly sign: string;
  /** `U+043E` */
  readonly code: string;
  readonly script: 'Cyrillic' | 'Greek' | 'Latin';
}

const scripts = [
  ['Latin', /\p{Script=Latin}/u],
  ['Cyrillic', /\p{Script=Cyrillic}/u],
  ['Greek', /\p{Script=Greek}/u],
] as const;

/**
 * The first letter of the script that a name has fewer letters of, where it mixes scripts whose letters look alike
 * (`оtto` with a Cyrillic о); null where it does not.
 */
export function oddLetter(name: string): OddLetter | null {
  const letters = Array.from(name).flatMap((sign) => {
    const script = scripts.find(([, pattern]) => pattern.test(sign))?.[0];
    return script === undefined ? [] : [{ sign, script }];
  });
  const counted = scripts
    .map(([script]) => ({ script, count: letters.filter((letter) => letter.script === script).length }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => a.count - b.count);
  const [rarest] = counted;
  if (counted.length < 2 || rarest === undefined) return null;
  const odd = letters.find(({ script }) => script === rarest.script);
  return odd ? { ...odd, code: codeOf(odd.sign) } : null;
}

function codeOf(sign: string): string {
  return `U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
