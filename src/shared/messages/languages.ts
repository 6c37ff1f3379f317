/** A part of the catalogue: texts by key, in groups. */
export interface Texts {
  readonly [key: string]: string | Texts;
}

/**
 * The languages of the console. `en-XA` is the pseudo-locale: English with accents, a third longer and in brackets,
 * in which untranslated text stands out and clipped text shows (`LITEMAAS_LANGUAGE=en-XA npm run browser`).
 */
export const languages = ['en', 'en-XA'] as const;
export type Language = (typeof languages)[number];

/** The language of a tag such as an environment variable holds; English where it is none of ours. */
export function toLanguage(tag: string | undefined): Language {
  return languages.find((language) => language === tag) ?? 'en';
}

const plain = 'acdeghijklnorstuwyzACDEGHIJKLNORSTUWYZ';
const accented = 'áçðéğĥíĵķļñóŕšţúŵýžÁÇÐÉĞĤÍĴĶĻÑÓŔŠŢÚŴÝŽ';

/** The pseudo-locale of a catalogue. Placeholders (`{{name}}`) and tags stay as they are. */
export function pseudoLocale<T extends Texts>(texts: T): T {
  return Object.fromEntries(
    Object.entries(texts).map(([key, text]) => [
      key,
      typeof text === 'string' ? pseudoText(text) : pseudoLocale(text),
    ]),
  ) as T;
}

function pseudoText(text: string): string {
  const letters = text
    .split(/(\{\{[^{}]*\}\}|<[^<>]*>)/)
    .map((part, index) =>
      index % 2 === 1
        ? part
        : part.replace(/[a-zA-Z]/g, (letter) => accented[plain.indexOf(letter)] ?? letter),
    )
    .join('');
  return `⟦${letters}${'·'.repeat(Math.ceil(text.length / 3))}⟧`;
}
