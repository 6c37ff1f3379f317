import i18next from 'i18next';
import { type Language, pseudoLocale } from '../../shared/messages/languages';
import { mainEnglish } from '../../shared/messages/main/en';

const texts = i18next.createInstance();

void texts.init({
  lng: 'en',
  fallbackLng: 'en',
  defaultNS: 'main',
  ns: ['main'],
  resources: { en: { main: mainEnglish } },
  interpolation: { escapeValue: false },
  initAsync: false,
  showSupportNotice: false,
});

// i18next has one type of keys for a whole program, and the screens' types are it where both are checked together.
const translate = texts.t as unknown as (key: string, values: Readonly<Record<string, unknown>>) => string;

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
  return translate(text, values);
}

/** Chooses the language of everything that main says from now on. */
export function speak(language: Language): void {
  if (language === 'en-XA') texts.addResourceBundle('en-XA', 'main', pseudoLocale(mainEnglish));
  void texts.changeLanguage(language);
}

/** The language that main speaks, as a tag for `<html lang>`. */
export function spokenLanguage(): string {
  return texts.language;
}
