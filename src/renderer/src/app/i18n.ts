import i18next, { type i18n as I18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { english } from '../../../shared/messages/en';
import { pseudoLocale, toLanguage } from '../../../shared/messages/languages';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'console';
    resources: { console: typeof english };
    returnNull: false;
  }
}

// Main says on the page which language it speaks.
const language = toLanguage(document.documentElement.lang);

/** The message catalogue. A further language is one more resource with the same keys. */
export const i18n: I18n = i18next.createInstance();

void i18n.use(initReactI18next).init({
  lng: language,
  fallbackLng: 'en',
  defaultNS: 'console',
  ns: ['console'],
  resources: {
    en: { console: english },
    ...(language === 'en-XA' ? { 'en-XA': { console: pseudoLocale(english) } } : {}),
  },
  interpolation: { escapeValue: false },
  initAsync: false,
  showSupportNotice: false,
});
