import i18next from 'i18next';
import { mainEnglish } from '../shared/messages/main/en';

const language = i18next.createInstance();

void language.init({
  lng: 'en',
  fallbackLng: 'en',
  defaultNS: 'main',
  ns: ['main'],
  resources: { en: { main: mainEnglish } },
  interpolation: { escapeValue: false },
  initAsync: false,
  showSupportNotice: false,
});

type KeysOf<Texts> = {
  [Key in keyof Texts & string]: Texts[Key] extends string
    ? Key extends `${infer Stem}_${'one' | 'other'}`
      ? Stem
      : Key
    : `${Key}.${KeysOf<Texts[Key]>}`;
}[keyof Texts & string];

/** The name of a text that main says: `area.place.text`; a plural is named without its `_one`, `_other`. */
export type MainText = KeysOf<typeof mainEnglish>;

/**
 * A sentence of main's part of the message catalogue (`src/shared/messages/main`), in the console's language.
 * @param values what stands for `{{name}}` in it; `count` chooses the plural.
 */
export function say(text: MainText, values: Readonly<Record<string, string | number>> = {}): string {
  return language.t(text, values);
}
