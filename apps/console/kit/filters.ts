import { useSearchParams } from 'react-router';

/** Filters live in the address, so that a page can be sent to a colleague and a reload lands in the same place. */
export const useFilters = <Name extends string>(names: readonly Name[]) => {
  const [search, setSearch] = useSearchParams();
  const values = Object.fromEntries(names.map((name) => [name, search.get(name) ?? ''])) as Record<Name, string>;
  const set = (name: Name, value: string) =>
    setSearch(
      (known) => {
        if (value) known.set(name, value);
        else known.delete(name);
        return known;
      },
      { replace: true },
    );
  return { values, set, isFiltered: names.some((name) => values[name]) };
};
