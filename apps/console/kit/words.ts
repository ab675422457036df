import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { words as id, type WordKey } from '../app/words/id.js';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    keySeparator: false;
    nsSeparator: false;
    resources: { translation: Record<WordKey, string> };
  }
}

export type Language = 'id' | 'en';
export type { WordKey };
const remembered = 'siappakai.language';

export const currentLanguage = (): Language => (i18next.language === 'en' ? 'en' : 'id');

/** English is fetched only by who reads English. */
const loadLanguage = async (language: Language) => {
  if (language === 'en' && !i18next.hasResourceBundle('en', 'translation')) {
    const { words } = await import('../app/words/en.js');
    i18next.addResourceBundle('en', 'translation', words);
  }
};

export const switchLanguage = async (language: Language) => {
  await loadLanguage(language);
  await i18next.changeLanguage(language);
  localStorage.setItem(remembered, language);
  document.documentElement.lang = language;
};

export const hasChosenLanguage = () => localStorage.getItem(remembered) !== null;

export const startWords = async () => {
  await i18next.use(initReactI18next).init({
    lng: 'id',
    fallbackLng: 'id',
    keySeparator: false,
    nsSeparator: false,
    showSupportNotice: false,
    interpolation: { escapeValue: false },
    resources: { id: { translation: id } },
    react: { useSuspense: false },
  });
  const chosen = localStorage.getItem(remembered);
  if (chosen === 'en') await switchLanguage('en');
};

/** A word for a name that comes from the server (a step, a verb); the name itself when the catalogue does not know it. */
export const wordFor = (prefix: 'step' | 'verb' | 'app' | 'action' | 'invariant', name: string): string => {
  const key = `${prefix}.${name}`;
  return i18next.exists(key) ? i18next.t(key as WordKey) : name;
};
