import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Listing } from './listing.js';
import { PageHead } from './page-head.js';

interface Props<T> {
  title: string;
  /** The one thing that can be added here, for those who may. */
  add?: { label: string; isAllowed: boolean; open: () => void };
  filters?: ReactNode;
  query: Parameters<typeof Listing<T[]>>[0]['query'];
  empty?: ReactNode;
  children: (items: T[]) => ReactNode;
}

/** The frame of every list: its name, what can be added, its filters, and the rows in all five states. */
export const ListPage = <T,>({ title, add, filters, query, empty, children }: Props<T>) => (
  <>
    <PageHead title={title}>
      {add?.isAllowed && (
        <Button size="xs" onClick={add.open}>
          {add.label}
        </Button>
      )}
    </PageHead>
    {filters && <div className="filters">{filters}</div>}
    <Listing query={query} isEmpty={(items) => items.length === 0} empty={empty}>
      {children}
    </Listing>
  </>
);
