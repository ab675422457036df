import type { RolloutPlan, RolloutWhole } from '#libs/contract/rollouts.js';
import { NativeSelect } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { number } from '../../kit/format.js';
import { currentLanguage } from '../../kit/words.js';
import { LongTable } from '../../ui/data-table.js';
import { ExportCsv } from '../../ui/export-csv.js';
import { SearchField } from '../../ui/search-field.js';
import { usePlanColumns, type PlanRow } from './plan-columns.js';
import { partOf, partsOf, type Part } from './sums.js';

const parts = ['moves', 'already', 'blocked'] as const;

const matches = ({ desa }: PlanRow, part: string, wanted: string) =>
  (!part || partOf(desa) === part) &&
  `${desa.name} ${desa.code} ${desa.kecamatan} ${desa.server}`.toLowerCase().includes(wanted.trim().toLowerCase());

interface FilterProps {
  plan: RolloutPlan;
  part: Part | '';
  wanted: string;
  onPart: (part: Part | '') => void;
  onWanted: (wanted: string) => void;
}

const Filters = ({ plan, part, wanted, onPart, onWanted }: FilterProps) => {
  const { t } = useTranslation();
  const found = partsOf(plan);
  const label = (name: Part) => t(`plan.part.${name}`, { amount: number(found[name].length, currentLanguage()) });
  return (
    <>
      <SearchField value={wanted} hint={t('desa.search.hint')} onChange={onWanted} />
      <NativeSelect
        size="xs"
        label={t('plan.part')}
        value={part}
        onChange={(event) => onPart(parts.find((name) => name === event.target.value) ?? '')}
        data={[{ value: '', label: t('filter.all') }, ...parts.map((name) => ({ value: name, label: label(name) }))]}
      />
    </>
  );
};

/** The desa of a plan, one row each; once it runs, with how each of them stands. */
export const PlanTable = ({ plan, desa }: { plan: RolloutPlan; desa?: RolloutWhole['desa'] }) => {
  const { t } = useTranslation();
  const [part, setPart] = useState<Part | ''>('');
  const [wanted, setWanted] = useState('');
  const columns = usePlanColumns();
  const rows = useMemo(() => {
    const states = new Map(desa?.map((one) => [one.desaId, one]));
    return plan.desa.map((one) => ({ desa: one, now: states.get(one.desaId) }));
  }, [plan, desa]);
  const shown = rows.filter((row) => matches(row, part, wanted));
  return (
    <>
      <div className="filters" role="search">
        <Filters plan={plan} part={part} wanted={wanted} onPart={setPart} onWanted={setWanted} />
        <ExportCsv name={`rencana-${plan.gabungan}-${plan.version}`} columns={columns} rows={shown} />
      </div>
      {shown.length === 0 ? (
        <p className="none">{t('list.nothing')}</p>
      ) : (
        <LongTable label={t('nav.desa')} columns={columns} rows={shown} rowKey={({ desa: one }) => one.desaId} />
      )}
    </>
  );
};
