import type { Policy } from '#libs/contract/rollouts.js';
import { useTranslation } from 'react-i18next';
import { fullName, monthName, number } from '../../kit/format.js';
import { currentLanguage, wordFor } from '../../kit/words.js';
import { useNamedDesa } from '../../ui/desa-picker.js';

export const weekDays = ['1', '2', '3', '4', '5', '6', '7'] as const;
type WeekDay = (typeof weekDays)[number];
const isWeekDay = (day: string): day is WeekDay => (weekDays as readonly string[]).includes(day);

/** `Senin–Kamis` for days that follow each other, else each by name. */
export const useDays = () => {
  const { t } = useTranslation();
  const name = (day: number) => (isWeekDay(String(day)) ? t(`day.${String(day) as WeekDay}`) : String(day));
  return (days: number[]): string => {
    const sorted = [...days].sort((a, b) => a - b);
    const first = sorted[0] ?? 1;
    const isRow = sorted.length > 2 && sorted.every((day, position) => day === first + position);
    if (sorted.length === 7) return t('day.every');
    return isRow ? `${name(first)}–${name(sorted.at(-1) ?? first)}` : sorted.map(name).join(', ');
  };
};

/** The policy as one would tell it to a colleague. */
export const PolicyWords = ({ app, rules }: { app: string; rules: Policy }) => {
  const { t } = useTranslation();
  const language = currentLanguage();
  const days = useDays();
  const first = useNamedDesa(rules.canary);
  if (!rules.isOn) return <p>{t('policy.off.text', { app: wordFor('app', app) })}</p>;
  const time = (text: string) => (language === 'id' ? text.replace(':', '.') : text);
  return (
    <ul className="plain-words">
      <li>
        {t('policy.say.release', {
          app: wordFor('app', app),
          edition: t(`edition.${rules.edition}`),
          days: number(rules.daysOut, language),
        })}
      </li>
      <li>
        {t('policy.say.window', {
          days: days(rules.window.days),
          from: time(rules.window.from),
          until: time(rules.window.to),
        })}
      </li>
      {first.length > 0 && <li>{t('policy.say.first', { names: first.map(fullName).join(', ') })}</li>}
      <li>{rules.needsYes ? t('policy.say.yes') : t('policy.say.noYes')}</li>
      {rules.skipMonths.length > 0 && (
        <li>
          {t('policy.say.skip', { months: rules.skipMonths.map((month) => monthName(month, language)).join(', ') })}
        </li>
      )}
    </ul>
  );
};
