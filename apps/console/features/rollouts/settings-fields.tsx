import { Checkbox, NativeSelect, NumberInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DesaPicker } from '../../ui/desa-picker.js';
import type { SettingsValues } from './settings-form.js';
import { readWaves, wayOf, ways, type Way } from './wave-sizes.js';

interface Props {
  values: SettingsValues;
  onChange: (change: Partial<SettingsValues>) => void;
  /** The policy of the clock asks for the first desa and the yes by itself. */
  isForClock?: boolean;
}

const isNamed = (way: string): way is keyof typeof ways => way in ways;

const WaveChoice = ({ values, onChange }: Props) => {
  const { t } = useTranslation();
  const [way, setWay] = useState<Way>(() => wayOf(values.waves));
  const choose = (next: string) => {
    setWay(isNamed(next) ? next : 'own');
    if (isNamed(next)) onChange({ waves: ways[next] });
  };
  return (
    <>
      <NativeSelect
        size="xs"
        label={t('settings.waves')}
        value={way}
        onChange={(event) => choose(event.target.value)}
        data={(['careful', 'steady', 'quick', 'own'] as const).map((name) => ({
          value: name,
          label: t(`settings.way.${name}`),
        }))}
      />
      {way === 'own' && (
        <TextInput
          size="xs"
          label={t('settings.waves.own')}
          description={t('settings.waves.hint')}
          error={readWaves(values.waves) ? null : t('settings.waves.wrong')}
          value={values.waves}
          onChange={(event) => onChange({ waves: event.target.value })}
        />
      )}
    </>
  );
};

interface AmountProps {
  label: string;
  hint: string;
  value: number;
  max: number;
  onChange: (value: number) => void;
}
type LimitProps = Omit<AmountProps, 'value' | 'onChange'> & {
  value: number | null;
  onChange: (value: number | null) => void;
};
/** An amount that may be left out: what is empty is not judged. */
const Limit = ({ label, hint, value, max, onChange }: LimitProps) => (
  <NumberInput
    size="xs"
    label={label}
    description={hint}
    min={0}
    max={max}
    allowDecimal={false}
    hideControls
    value={value ?? ''}
    onChange={(next) => onChange(next === '' ? null : Number(next) || 0)}
  />
);

/** What is empty is zero. */
export const Amount = ({ onChange, ...props }: AmountProps) => (
  <Limit {...props} onChange={(next) => onChange(next ?? 0)} />
);

/** How a rollout goes on from wave to wave, and when it stops by itself. */
export const SettingsFields = ({ values, onChange, isForClock }: Props) => {
  const { t } = useTranslation();
  return (
    <>
      <WaveChoice values={values} onChange={onChange} />
      {!isForClock && (
        <DesaPicker
          label={t('settings.canary')}
          hint={t('settings.canary.hint')}
          value={values.canary}
          onChange={(canary) => onChange({ canary })}
        />
      )}
      <Amount
        label={t('settings.soak')}
        hint={t('settings.soak.hint')}
        value={values.soakMinutes}
        max={10_080}
        onChange={(soakMinutes) => onChange({ soakMinutes })}
      />
      <Limit
        label={t('settings.stop')}
        hint={t('settings.stop.hint')}
        value={values.stopFailures}
        max={10_000}
        onChange={(stopFailures) => onChange({ stopFailures })}
      />
      <Limit
        label={t('settings.stopPercent')}
        hint={t('settings.stopPercent.hint')}
        value={values.stopPercent}
        max={100}
        onChange={(stopPercent) => onChange({ stopPercent })}
      />
      <Checkbox
        className="whole"
        label={t('settings.needsYes')}
        checked={values.needsYes}
        onChange={(event) => onChange({ needsYes: event.target.checked })}
      />
      <Checkbox
        className="whole"
        label={t('settings.fourEyes')}
        checked={values.fourEyes}
        onChange={(event) => onChange({ fourEyes: event.target.checked })}
      />
    </>
  );
};
