import type { Policy } from '#libs/contract/rollouts.js';
import { Button, Checkbox, Chip, NativeSelect, Switch, TextInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { monthName } from '../../kit/format.js';
import { currentLanguage } from '../../kit/words.js';
import { DesaPicker } from '../../ui/desa-picker.js';
import { Amount, SettingsFields } from '../rollouts/settings-fields.js';
import { settingsOf, settingsValues } from '../rollouts/settings-form.js';
import { nextMonths } from './months.js';
import { weekDays } from './policy-words.js';

const clockTime = /^([01]\d|2[0-3]):[0-5]\d$/;
const editions = ['umum', 'premium'] as const;

interface PartProps {
  rules: Policy;
  change: (part: Partial<Policy>) => void;
}

const Choices = ({ label, hint, children }: { label: string; hint?: string; children: ReactNode }) => (
  <fieldset className="whole choices">
    <legend>{label}</legend>
    {hint && <p className="soft">{hint}</p>}
    <div className="chips">{children}</div>
  </fieldset>
);

const WindowFields = ({ rules, change }: PartProps) => {
  const { t } = useTranslation();
  const { window } = rules;
  const set = (part: Partial<Policy['window']>) => change({ window: { ...window, ...part } });
  const wrong = (text: string) => (clockTime.test(text) ? null : t('policy.time.wrong'));
  return (
    <>
      <TextInput
        size="xs"
        label={t('policy.from')}
        description={t('policy.time.hint')}
        value={window.from}
        error={wrong(window.from)}
        onChange={(event) => set({ from: event.target.value })}
      />
      <TextInput
        size="xs"
        label={t('policy.until')}
        description={t('policy.until.hint')}
        value={window.to}
        error={wrong(window.to)}
        onChange={(event) => set({ to: event.target.value })}
      />
      <Choices label={t('policy.days')} hint={t('policy.days.hint')}>
        <Chip.Group
          multiple
          value={window.days.map(String)}
          onChange={(days) => set({ days: days.map(Number).sort() })}
        >
          {weekDays.map((day) => (
            <Chip key={day} size="xs" value={day}>
              {t(`day.${day}`)}
            </Chip>
          ))}
        </Chip.Group>
      </Choices>
    </>
  );
};

const ReleaseFields = ({ rules, change }: PartProps) => {
  const { t } = useTranslation();
  return (
    <>
      <NativeSelect
        size="xs"
        label={t('edition.label')}
        value={rules.edition}
        onChange={(event) => change({ edition: event.target.value === 'premium' ? 'premium' : 'umum' })}
        data={editions.map((edition) => ({ value: edition, label: t(`edition.${edition}`) }))}
      />
      <Amount
        label={t('policy.daysOut')}
        hint={t('policy.daysOut.hint')}
        value={rules.daysOut}
        max={90}
        onChange={(daysOut) => change({ daysOut })}
      />
    </>
  );
};

const Months = ({ rules, change }: PartProps) => {
  const { t } = useTranslation();
  const [months] = useState(() => nextMonths(new Date(), rules.skipMonths));
  return (
    <Choices label={t('policy.skip')} hint={t('policy.skip.hint')}>
      <Chip.Group multiple value={rules.skipMonths} onChange={(skipMonths) => change({ skipMonths })}>
        {months.map((month) => (
          <Chip key={month} size="xs" value={month}>
            {monthName(month, currentLanguage())}
          </Chip>
        ))}
      </Chip.Group>
    </Choices>
  );
};

interface Props {
  given: Policy;
  isSaving: boolean;
  onSave: (rules: Policy) => void;
}

export const PolicyForm = ({ given, isSaving, onSave }: Props) => {
  const { t } = useTranslation();
  const [rules, setRules] = useState(given);
  const [values, setValues] = useState(() => settingsValues(given.settings));
  const change = (part: Partial<Policy>) => setRules((known) => ({ ...known, ...part }));
  const { from, to, days } = rules.window;
  const settings = settingsOf(values);
  const isGood = settings !== null && clockTime.test(from) && clockTime.test(to) && days.length > 0;
  return (
    <form
      className="fields"
      onSubmit={(event) => {
        event.preventDefault();
        if (isGood) onSave({ ...rules, settings: { ...given.settings, ...settings, canary: rules.canary } });
      }}
    >
      <Switch
        className="whole"
        label={t('policy.on')}
        checked={rules.isOn}
        onChange={(event) => change({ isOn: event.target.checked })}
      />
      <ReleaseFields rules={rules} change={change} />
      <WindowFields rules={rules} change={change} />
      <Checkbox
        className="whole"
        label={t('policy.needsYes')}
        checked={rules.needsYes}
        onChange={(event) => change({ needsYes: event.target.checked })}
      />
      <DesaPicker
        label={t('settings.canary')}
        hint={t('settings.canary.hint')}
        value={rules.canary}
        onChange={(canary) => change({ canary })}
      />
      <SettingsFields values={values} onChange={(part) => setValues((known) => ({ ...known, ...part }))} isForClock />
      <Months rules={rules} change={change} />
      <div className="whole">
        <Button type="submit" size="xs" disabled={!isGood} loading={isSaving}>
          {t('policy.save')}
        </Button>
        {days.length === 0 && <span className="look-broken"> {t('policy.days.none')}</span>}
      </div>
    </form>
  );
};
