import type { Desa } from '#libs/contract/contract.js';
import { Checkbox } from '@mantine/core';
import {
  createColumnHelper,
  flexRender,
  getCoreRowModel,
  useReactTable,
  type RowSelectionState,
} from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { dotted, fullName } from '../../kit/format.js';
import { installationLook, worstLook } from '../../kit/state.js';
import { wordFor } from '../../kit/words.js';
import { StateLook } from '../../ui/look.js';
import { Versions } from '../../ui/versions.js';
import { useHolds } from '../holds/holds.js';

const rowHeight = 36;
const column = createColumnHelper<Desa>();
const wide = { className: 'only-wide' };

const useColumns = (mayChange: boolean) => {
  const { t } = useTranslation();
  const held = useHolds().data;
  return useMemo(() => {
    const choose = column.display({
      id: 'choose',
      header: ({ table }) => (
        <Checkbox
          size="xs"
          aria-label={t('desa.chooseAll')}
          checked={table.getIsAllRowsSelected()}
          indeterminate={table.getIsSomeRowsSelected()}
          onChange={table.getToggleAllRowsSelectedHandler()}
        />
      ),
      cell: ({ row }) => (
        <Checkbox
          size="xs"
          aria-label={t('desa.choose', { name: row.original.name })}
          checked={row.getIsSelected()}
          onChange={row.getToggleSelectedHandler()}
        />
      ),
    });
    const rest = [
      column.accessor('name', {
        header: t('desa.name'),
        cell: ({ row }) => (
          <Link className="link" to={`/desa/${row.original.code}`}>
            {fullName(row.original)}
          </Link>
        ),
      }),
      column.display({
        id: 'state',
        header: t('table.state'),
        cell: ({ row: { original } }) => (
          <>
            {original.installations.length ? (
              <StateLook look={worstLook(original.installations.map(installationLook))} />
            ) : (
              <StateLook look="held">{t('desa.notInstalled')}</StateLook>
            )}
            {held?.has(original.code) && (
              <span style={{ marginLeft: 10 }} title={held.get(original.code)?.reason}>
                <StateLook look="held">{t('hold.held')}</StateLook>
              </span>
            )}
          </>
        ),
      }),
      column.accessor('code', {
        header: t('desa.code'),
        meta: wide,
        cell: ({ getValue }) => <span className="code">{dotted(getValue())}</span>,
      }),
      column.accessor('kecamatanName', { header: t('desa.kecamatan'), meta: wide }),
      column.accessor('domain', {
        header: t('desa.domain'),
        meta: wide,
        cell: ({ getValue }) => <span className="soft">{getValue()}</span>,
      }),
      column.display({
        id: 'apps',
        header: t('desa.apps'),
        meta: wide,
        cell: ({ row: { original } }) =>
          original.installations.map((installation) => (
            <span key={installation.app} style={{ marginRight: 14 }}>
              {wordFor('app', installation.app)} <Versions installation={installation} />
            </span>
          )),
      }),
    ];
    return mayChange ? [choose, ...rest] : rest;
  }, [t, mayChange, held]);
};

interface Props {
  rows: Desa[];
  total: number;
  mayChange: boolean;
  chosen: RowSelectionState;
  onChoose: (chosen: RowSelectionState) => void;
  onNearEnd: () => void;
}

const classOf = (meta: unknown) => (meta as { className?: string } | undefined)?.className;

/** Thousands of rows: the server pages them, the screen holds only those in sight. */
export const DesaTable = ({ rows, total, mayChange, chosen, onChoose, onNearEnd }: Props) => {
  const { t } = useTranslation();
  const frame = useRef<HTMLDivElement>(null);
  const columns = useColumns(mayChange);
  const table = useReactTable({
    data: rows,
    columns,
    state: { rowSelection: chosen },
    getRowId: ({ code }) => code,
    onRowSelectionChange: (next) => onChoose(typeof next === 'function' ? next(chosen) : next),
    getCoreRowModel: getCoreRowModel(),
  });
  const shown = table.getRowModel().rows;
  const virtual = useVirtualizer({
    count: shown.length,
    getScrollElement: () => frame.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const inSight = virtual.getVirtualItems();
  const last = inSight.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= rows.length - 20 && rows.length < total) onNearEnd();
  }, [last, rows.length, total, onNearEnd]);
  const above = inSight[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (inSight.at(-1)?.end ?? 0);
  return (
    <div className="table-frame tall" ref={frame} tabIndex={0} role="region" aria-label={t('nav.desa')}>
      <table className="table fixed" aria-rowcount={total + 1}>
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id}>
              {group.headers.map((header) => (
                <th
                  key={header.id}
                  scope="col"
                  className={classOf(header.column.columnDef.meta)}
                  style={header.id === 'choose' ? { width: 28 } : undefined}
                >
                  {flexRender(header.column.columnDef.header, header.getContext())}
                </th>
              ))}
            </tr>
          ))}
        </thead>
        <tbody>
          {above > 0 && <tr className="spacer" style={{ height: above }} aria-hidden />}
          {inSight.map(({ index }) => {
            const row = shown[index];
            return (
              row && (
                <tr key={row.id} aria-rowindex={index + 2}>
                  {row.getVisibleCells().map((cell) => (
                    <td key={cell.id} className={classOf(cell.column.columnDef.meta)}>
                      {flexRender(cell.column.columnDef.cell, cell.getContext())}
                    </td>
                  ))}
                </tr>
              )
            );
          })}
          {below > 0 && <tr className="spacer" style={{ height: below }} aria-hidden />}
        </tbody>
      </table>
    </div>
  );
};
