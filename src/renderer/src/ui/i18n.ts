import i18next, { type i18n as I18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { english } from '../../../shared/messages/en';
import { firstMessages } from '../../../shared/messages/first';
import { pseudoLocale, type Texts, toLanguage } from '../../../shared/messages/languages';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'console';
    resources: { console: typeof english };
    returnNull: false;
  }
}

// Main says on the page which language it speaks.
const language = toLanguage(document.documentElement.lang);

/** English as it stands, or what the language makes of it. */
const spoken = <T extends Texts>(texts: T): T => (language === 'en-XA' ? pseudoLocale(texts) : texts);

/**
 * The message catalogue. A further language is one more resource with the same keys. It begins with what the first
 * screen says: {@link loadAllMessages} adds the rest.
 */
export const i18n: I18n = i18next.createInstance();

void i18n.use(initReactI18next).init({
  lng: language,
  fallbackLng: language,
  defaultNS: 'console',
  ns: ['console'],
  resources: { [language]: { console: spoken(firstMessages) } },
  interpolation: { escapeValue: false },
  initAsync: false,
  showSupportNotice: false,
});

let loading: Promise<void> | null = null;

/** Adds the texts of every screen; must have resolved before a screen other than the first is shown. */
export function loadAllMessages(): Promise<void> {
  loading ??= import('../../../shared/messages/en').then(
    ({ english }) => {
      i18n.addResourceBundle(language, 'console', spoken(english), true, true);
    },
    (error: unknown) => {
      // Trying again asks anew.
      loading = null;
      throw error;
    },
  );
  return loading;
}
