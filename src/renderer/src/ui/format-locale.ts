/** The locale that numbers, money and dates are shown in: the system's, or one the person chose. */
const storageKey = 'litemaas.format';

/** What can be chosen: formats that differ from one another in separators, order or grouping. */
export const formatLocales = [
  'en-US',
  'en-GB',
  'de-DE',
  'de-CH',
  'fr-FR',
  'es-ES',
  'it-IT',
  'nl-NL',
  'pt-BR',
  'sv-SE',
  'hi-IN',
  'ja-JP',
  'ko-KR',
  'zh-CN',
] as const;
export type FormatLocale = (typeof formatLocales)[number];

let chosen = read();

/** The chosen locale; undefined stands for the system's own, as Intl takes it. */
export function formatLocale(): FormatLocale | undefined {
  return chosen;
}

/** Remembers the choice in this browser or window. What is on screen already shows it when it is drawn anew. */
export function chooseFormatLocale(locale: FormatLocale | undefined): void {
  chosen = locale;
  try {
    if (locale === undefined) localStorage.removeItem(storageKey);
    else localStorage.setItem(storageKey, locale);
  } catch {
    // A full or forbidden store only means the choice is not remembered.
  }
}

function read(): FormatLocale | undefined {
  try {
    const stored = localStorage.getItem(storageKey);
    return formatLocales.find((locale) => locale === stored);
  } catch {
    return undefined;
  }
}
