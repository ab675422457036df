import type { Rehearsal } from '#libs/contract/rollouts.js';
import { useTranslation } from 'react-i18next';
import { number } from '../../kit/format.js';
import { currentLanguage } from '../../kit/words.js';
import { Copy } from '../../ui/copy.js';
import { DataTable, LongTable, type Column } from '../../ui/data-table.js';
import { ExportCsv } from '../../ui/export-csv.js';
import { StateLook } from '../../ui/look.js';

type Page = Rehearsal['pages'][number];
type Lost = Rehearsal['rowsLost'][number];

const usePageColumns = (): Column<Page>[] => {
  const { t } = useTranslation();
  const status = (value: number | null) => (value === null ? t('rehearsal.noAnswer') : String(value));
  return [
    { head: t('rehearsal.page'), className: 'code', cell: ({ path }) => path, text: ({ path }) => path },
    {
      head: t('rehearsal.result'),
      cell: ({ isWorse }) => (
        <StateLook look={isWorse ? 'broken' : 'good'}>{isWorse ? t('rehearsal.worse') : t('rehearsal.same')}</StateLook>
      ),
      text: ({ isWorse }) => (isWorse ? t('rehearsal.worse') : t('rehearsal.same')),
    },
    { head: t('rehearsal.before'), cell: ({ before }) => status(before), text: ({ before }) => before },
    { head: t('rehearsal.old'), cell: ({ old }) => status(old), text: ({ old }) => old },
    { head: t('rehearsal.new'), cell: (page) => status(page.new), text: (page) => page.new },
  ];
};

/** What got worse stands first: it is what a person decides by. */
export const Pages = ({ pages }: { pages: Page[] }) => {
  const { t } = useTranslation();
  const columns = usePageColumns();
  const language = currentLanguage();
  const sorted = [...pages].sort((a, b) => Number(b.isWorse) - Number(a.isWorse));
  const worse = pages.filter(({ isWorse }) => isWorse).length;
  if (pages.length === 0) return <p className="none">{t('rehearsal.pages.none')}</p>;
  return (
    <>
      <h3>
        {t('rehearsal.pages', { amount: number(pages.length, language), worse: number(worse, language) })}{' '}
        <ExportCsv name="gladi-halaman" columns={columns} rows={sorted} />
      </h3>
      <p className="soft">{t('rehearsal.pages.why')}</p>
      <div className="half-tall">
        <LongTable label={t('rehearsal.page')} columns={columns} rows={sorted} rowKey={({ path }) => path} />
      </div>
    </>
  );
};

const useLostColumns = (): Column<Lost>[] => {
  const { t } = useTranslation();
  const language = currentLanguage();
  return [
    { head: t('rehearsal.table'), className: 'code', cell: ({ table }) => table },
    { head: t('rehearsal.ownId'), className: 'number', cell: ({ ownId }) => ownId ?? '–' },
    { head: t('rehearsal.rows.before'), className: 'number', cell: ({ before }) => number(before, language) },
    { head: t('rehearsal.rows.after'), className: 'number', cell: ({ after }) => number(after, language) },
  ];
};

export const RowsLost = ({ rows }: { rows: Lost[] }) => {
  const { t } = useTranslation();
  const columns = useLostColumns();
  if (rows.length === 0)
    return (
      <p>
        <StateLook look="good">{t('rehearsal.rows.kept')}</StateLook>
      </p>
    );
  return (
    <>
      <h3>
        <StateLook look="broken">
          {t('rehearsal.rows.lost', { amount: number(rows.length, currentLanguage()) })}
        </StateLook>
      </h3>
      <DataTable
        label={t('rehearsal.table')}
        columns={columns}
        rows={rows}
        rowKey={({ table, ownId }) => `${table} ${ownId}`}
      />
    </>
  );
};

/** Lines of a machine: copied as a whole, scrolled in their own frame. */
export const Lines = ({ title, lines, none }: { title: string; lines: string[]; none: string }) => {
  if (lines.length === 0) return <p className="soft">{none}</p>;
  return (
    <>
      <h3>
        {title} <span className="soft">{number(lines.length, currentLanguage())}</span>{' '}
        <Copy value={lines.join('\n')} />
      </h3>
      <ul className="machine-lines" tabIndex={0} aria-label={title}>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </>
  );
};
