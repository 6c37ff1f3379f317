/** Characters that leave nothing to see: spaces, controls, zero-width and direction marks. */
const invisible = /^[\p{White_Space}\p{Cc}\p{Cf}\p{Cs}\p{Co}\u115F\u1160\u3164\uFFA0]*$/u;
const shownCharacters = 6;

/**
 * A name as it stands; where nothing of it could be seen, its code points (`U+200B U+2060`) or empty quotes, so that its
 * link can be found and read aloud.
 */
export function visibleName(name: string): string {
  if (!invisible.test(name)) return name;
  if (name === '') return '""';
  const points = Array.from(name, (character) => {
    const point = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    return `U+${point}`;
  });
  return points.length > shownCharacters
    ? `${points.slice(0, shownCharacters).join(' ')} …`
    : points.join(' ');
}
