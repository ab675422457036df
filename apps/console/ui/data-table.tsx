import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef, type ReactNode, type RefObject } from 'react';

export interface Column<T> {
  head: string;
  cell: (row: T) => ReactNode;
  /** Classes of the cells: `number`, `soft`, `only-wide` … */
  className?: string;
  /** The same as plain text, for a file. */
  text?: (row: T) => string | number | null;
}

interface Props<T> {
  label: string;
  columns: Column<T>[];
  rows: T[];
  rowKey: (row: T) => string;
  isTall?: boolean;
}

const Head = <T,>({ columns }: { columns: Column<T>[] }) => (
  <thead>
    <tr>
      {columns.map(({ head, className }) => (
        <th key={head} scope="col" className={className}>
          {head}
        </th>
      ))}
    </tr>
  </thead>
);

const Cells = <T,>({ columns, row }: { columns: Column<T>[]; row: T }) =>
  columns.map(({ head, className, cell }) => (
    <td key={head} className={className}>
      {cell(row)}
    </td>
  ));

interface FrameProps {
  label: string;
  isTall?: boolean;
  frame?: RefObject<HTMLDivElement | null>;
  children: ReactNode;
}

/** The frame every table stands in: it scrolls by itself and can be reached by keyboard. */
const Frame = ({ label, isTall, frame, children }: FrameProps) => (
  <div
    className={isTall ? 'table-frame tall' : 'table-frame'}
    ref={frame}
    tabIndex={0}
    role="region"
    aria-label={label}
  >
    {children}
  </div>
);

export const DataTable = <T,>({ label, columns, rows, rowKey, isTall }: Props<T>) => (
  <Frame label={label} isTall={isTall}>
    <table className="table">
      <Head columns={columns} />
      <tbody>
        {rows.map((row) => (
          <tr key={rowKey(row)}>
            <Cells columns={columns} row={row} />
          </tr>
        ))}
      </tbody>
    </table>
  </Frame>
);

const rowHeight = 36;
const Spacer = ({ height }: { height: number }) =>
  height > 0 && <tr className="spacer" style={{ height }} aria-hidden />;

/** For hundreds of rows and more: the page holds only those in sight. */
export const LongTable = <T,>({ label, columns, rows, rowKey }: Props<T>) => {
  const frame = useRef<HTMLDivElement>(null);
  // eslint-disable-next-line react-hooks/incompatible-library -- the virtual list is read anew at each render
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const inSight = virtual.getVirtualItems();
  return (
    <Frame label={label} isTall frame={frame}>
      <table className="table fixed" aria-rowcount={rows.length + 1}>
        <Head columns={columns} />
        <tbody>
          <Spacer height={inSight[0]?.start ?? 0} />
          {inSight.map(({ index }) => {
            const row = rows[index];
            return (
              row !== undefined && (
                <tr key={rowKey(row)} aria-rowindex={index + 2}>
                  <Cells columns={columns} row={row} />
                </tr>
              )
            );
          })}
          <Spacer height={virtual.getTotalSize() - (inSight.at(-1)?.end ?? 0)} />
        </tbody>
      </table>
    </Frame>
  );
};
