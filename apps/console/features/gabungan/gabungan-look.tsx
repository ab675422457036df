import type { GabunganView } from '#libs/contract/contract.js';
import { useTranslation } from 'react-i18next';
import type { Look } from '../../kit/state.js';
import { StateLook } from '../../ui/look.js';

export const brokenInvariants = (gabungan: GabunganView) =>
  (gabungan.invariants ?? []).filter(({ expected, observed }) => expected !== observed);

const states = { absent: 'waiting', creating: 'busy', running: 'good', broken: 'broken' } as const satisfies Record<
  string,
  Look
>;
type State = keyof typeof states;
const isState = (state: string): state is State => state in states;

export const GabunganLook = ({ gabungan }: { gabungan: GabunganView }) => {
  const { t } = useTranslation();
  if (brokenInvariants(gabungan).length > 0)
    return <StateLook look="broken">{t('gabungan.invariant.broken')}</StateLook>;
  if (!isState(gabungan.state)) return <StateLook look="attention">{gabungan.state}</StateLook>;
  return <StateLook look={states[gabungan.state]}>{t(`gabungan.${gabungan.state}`)}</StateLook>;
};
