import { NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';

interface Props<State extends string> {
  states: readonly State[];
  value: string;
  onChange: (value: string) => void;
  label: (state: State) => string;
}

/** One state of a list, or all of them. */
export function StateFilter<State extends string>({ states, value, onChange, label }: Props<State>) {
  const { t } = useTranslation();
  return (
    <NativeSelect
      size="xs"
      label={t('table.state')}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      data={[{ value: '', label: t('filter.all') }, ...states.map((state) => ({ value: state, label: label(state) }))]}
    />
  );
}
