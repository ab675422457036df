import type { Desa } from '#libs/contract/contract.js';
import { MultiSelect } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dotted, fullName, undotted } from '../kit/format.js';
import { get, query, type Page } from '../kit/http.js';

interface Props {
  label: string;
  hint?: string;
  value: string[];
  isDisabled?: boolean;
  onChange: (codes: string[]) => void;
}

/** The chosen are asked one by one: they are few, and need not be among those just found. */
export const useNamedDesa = (codes: string[]): Desa[] => {
  const { data } = useQuery({
    queryKey: ['desa', 'named', codes],
    enabled: codes.length > 0,
    queryFn: ({ signal }) => Promise.all(codes.map((code) => get<Desa>(`/desa/${code}`, signal))),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  return (data ?? []).filter(({ code }) => codes.includes(code));
};

const useDesa = (wanted: string, chosen: string[]) => {
  const q = /^[\d.]+$/.test(wanted) ? undotted(wanted) : wanted;
  const found = useQuery({
    queryKey: ['desa', 'pick', q],
    queryFn: ({ signal }) => get<Page<Desa>>(`/desa${query({ q, limit: 20 })}`, signal),
    placeholderData: keepPreviousData,
  });
  return { found: found.data?.items ?? [], known: useNamedDesa(chosen) };
};

/** Desa chosen by name or code; what is kept is the code. */
export const DesaPicker = ({ label, hint, value, isDisabled, onChange }: Props) => {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [wanted] = useDebouncedValue(text.trim(), 150);
  const { found, known } = useDesa(wanted, value);
  const data = useMemo(() => {
    const labels = new Map<string, string>(value.map((code) => [code, dotted(code)]));
    for (const desa of [...known, ...found]) labels.set(desa.code, fullName(desa));
    return [...labels].map(([code, name]) => ({ value: code, label: name }));
  }, [found, known, value]);
  return (
    <MultiSelect
      size="xs"
      label={label}
      description={hint}
      placeholder={value.length ? undefined : t('desa.search.hint')}
      data={data}
      value={value}
      onChange={onChange}
      searchable
      searchValue={text}
      onSearchChange={setText}
      filter={({ options }) => options}
      nothingFoundMessage={t('search.none')}
      disabled={isDisabled}
      hidePickedOptions
      className="desa-picker"
    />
  );
};
