import { useSearchParams } from 'react-router';

/** `?add=1` opens the form, so that a link (search, first use) can lead straight to it. */
export const useAdding = () => {
  const [search, setSearch] = useSearchParams();
  const set = (isOpen: boolean) =>
    setSearch(
      (known) => {
        if (isOpen) known.set('add', '1');
        else known.delete('add');
        return known;
      },
      { replace: true },
    );
  return { isAdding: search.get('add') === '1', open: () => set(true), close: () => set(false) };
};
