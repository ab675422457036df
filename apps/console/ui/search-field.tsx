import { TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

interface Props {
  value: string;
  hint?: string;
  onChange: (value: string) => void;
}

/** Typing shows at once; the list is asked a moment later. */
export const SearchField = ({ value, hint, onChange }: Props) => {
  const { t } = useTranslation();
  const [text, setText] = useState(value);
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => onChange(text), 150);
    return () => clearTimeout(timer);
    // The caller's function is new at each render; only the text decides.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [text, value]);
  return (
    <TextInput
      size="xs"
      type="search"
      label={t('filter.search')}
      placeholder={hint}
      value={text}
      onChange={(event) => setText(event.target.value)}
    />
  );
};
