import type { RolloutWhole } from '#libs/contract/rollouts.js';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { dotted } from '../../kit/format.js';
import { rolloutDesaLook, type Look } from '../../kit/state.js';
import type { Column } from '../../ui/data-table.js';
import { StateLook } from '../../ui/look.js';
import { partOf, type PlanDesa } from './sums.js';

export interface PlanRow {
  desa: PlanDesa;
  /** How it stands in a rollout that has begun. */
  now: RolloutWhole['desa'][number] | undefined;
}

/** One word for each row: why it stays out, that it is there already, or how far it is. */
const useStanding = () => {
  const { t } = useTranslation();
  return ({ desa, now }: PlanRow): { look: Look; text: string } => {
    if (now) return { look: rolloutDesaLook[now.state], text: t(`rollout.desa.${now.state}`) };
    const part = partOf(desa);
    if (part === 'already') return { look: 'good', text: t('rollout.desa.already') };
    if (part === 'moves') return { look: 'waiting', text: t('plan.row.moves') };
    const month = desa.newestMonth;
    const reasons = desa.blockers
      .map((one) =>
        one === 'subscription' && month ? t('blocker.subscription.until', { month }) : t(`blocker.${one}`),
      )
      .join(', ');
    return { look: desa.blockers.includes('held') ? 'held' : 'attention', text: reasons || t('blocker.unknown') };
  };
};

export const usePlanColumns = (): Column<PlanRow>[] => {
  const { t } = useTranslation();
  const standing = useStanding();
  const wave = ({ desa }: PlanRow) => (desa.wave === null ? null : desa.wave + 1);
  return [
    {
      head: t('desa.name'),
      cell: ({ desa }) => (
        <Link className="link" to={`/desa/${desa.code}`}>
          {desa.name}
        </Link>
      ),
      text: ({ desa }) => desa.name,
    },
    {
      head: t('table.state'),
      cell: (row) => <StateLook look={standing(row).look}>{standing(row).text}</StateLook>,
      text: (row) => standing(row).text,
    },
    { head: t('wave.short'), className: 'number', cell: (row) => wave(row) ?? '–', text: wave },
    {
      head: t('plan.move'),
      className: 'code only-wide',
      cell: ({ desa }) => `${desa.from ?? t('version.none')} → ${desa.to}`,
      text: ({ desa }) => `${desa.from ?? ''} → ${desa.to}`,
    },
    {
      head: t('server.label'),
      className: 'only-wide',
      cell: ({ desa }) => desa.server,
      text: ({ desa }) => desa.server,
    },
    {
      head: t('desa.kecamatan'),
      className: 'only-wide',
      cell: ({ desa }) => desa.kecamatan,
      text: ({ desa }) => desa.kecamatan,
    },
    {
      head: t('desa.code'),
      className: 'only-wide code',
      cell: ({ desa }) => dotted(desa.code),
      text: ({ desa }) => dotted(desa.code),
    },
  ];
};
