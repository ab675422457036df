import type { RolloutWhole } from '#libs/contract/rollouts.js';
import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { moment, number } from '../../kit/format.js';
import { problemOf } from '../../kit/http.js';
import { useMe } from '../../kit/me.js';
import { hasRolloutEnded, rolloutLook } from '../../kit/state.js';
import { currentLanguage } from '../../kit/words.js';
import { useZone } from '../../kit/zone.js';
import { StateLook } from '../../ui/look.js';
import { ProblemBox } from '../../ui/problem-box.js';
import { currentWave, gateForPerson, partsOf, soakEnd, sumOf, waveAtGate } from './sums.js';
import { type Acting, type RolloutAct } from './use-rollout.js';

const useSentence = (rollout: RolloutWhole): string => {
  const { t } = useTranslation();
  const zone = useZone(rollout.kabupatenId);
  const language = currentLanguage();
  const { done, already } = sumOf(rollout.waves);
  if (rollout.state !== 'running') return t(`rollout.now.${rollout.state}`, { done: number(done, language) });
  if (rollout.phase !== 'waves') return t(`rollout.now.${rollout.phase}`);
  const wave = currentWave(rollout);
  const values = { position: (wave?.position ?? 0) + 1, total: rollout.waves.length };
  const gate = waveAtGate(rollout);
  if (gateForPerson(rollout)) return t('rollout.now.gate', { ...values, position: (gate?.position ?? 0) + 1 });
  if (gate && rollout.settings.soakMinutes > 0)
    return t('rollout.now.soak', {
      position: gate.position + 1,
      time: moment(soakEnd(gate, rollout.settings.soakMinutes), zone, language),
    });
  return t('rollout.now.wave', {
    ...values,
    running: number(wave?.counts.running ?? 0, language),
    waiting: number(wave?.counts.waiting ?? 0, language),
    done: number(done + already, language),
  });
};

interface Props {
  rollout: RolloutWhole;
  acting: Acting;
}

const ActButton = ({ act, label, acting, isQuiet, body }: ButtonProps) => (
  <Button
    size="xs"
    variant={isQuiet ? 'default' : 'filled'}
    loading={acting.isPending && acting.variables.act === act}
    disabled={acting.isPending}
    onClick={() => acting.mutate({ act, body })}
  >
    {label}
  </Button>
);
interface ButtonProps {
  act: RolloutAct;
  label: string;
  acting: Acting;
  isQuiet?: boolean;
  body?: unknown;
}

/** Stopping is safe, so it is one button: it says what stays as it is. */
const Stop = ({ rollout, acting }: Props) => {
  const { t } = useTranslation();
  const { waiting } = sumOf(rollout.waves);
  const label =
    rollout.state === 'draft'
      ? t('rollout.discard')
      : t('rollout.stop', { amount: number(waiting, currentLanguage()) });
  return <ActButton act="stop" label={label} acting={acting} isQuiet />;
};

const Forward = ({ rollout, acting }: Props) => {
  const { t } = useTranslation();
  const me = useMe();
  const amount = number(partsOf(rollout.plan).moves.length, currentLanguage());
  const gate = gateForPerson(rollout);
  if (rollout.state === 'draft' && rollout.settings.fourEyes && rollout.askedBy === me.username)
    return <span className="soft">{t('rollout.fourEyes.wait')}</span>;
  if (rollout.state === 'draft' && !me.isAdmin) return <span className="soft">{t('rollout.admin.wait')}</span>;
  if (rollout.state === 'draft')
    return (
      <ActButton
        act="approve"
        label={t('rollout.approve', { amount })}
        acting={acting}
        body={{ hash: rollout.planHash }}
      />
    );
  if (rollout.state === 'approved')
    return <ActButton act="start" label={t('rollout.start', { amount })} acting={acting} />;
  if (rollout.state === 'paused') return <ActButton act="resume" label={t('rollout.resume')} acting={acting} />;
  return (
    <>
      {gate && (
        <ActButton act="release-gate" label={t('rollout.gate', { position: gate.position + 2 })} acting={acting} />
      )}
      <ActButton act="pause" label={t('rollout.pause')} acting={acting} isQuiet />
    </>
  );
};

/** How it stands and what can be done now; it stays in sight however far the page is scrolled. */
export const ActBar = ({ rollout, acting }: Props) => {
  const { t } = useTranslation();
  const { mayChange } = useMe();
  const isOpen = !hasRolloutEnded(rollout.state);
  const isAtGate = gateForPerson(rollout) !== undefined;
  return (
    <div className="act-bar" role="group" aria-label={t('rollout.acts')}>
      <span className="act-state">
        <StateLook look={isAtGate ? 'waiting' : rolloutLook[rollout.state]}>
          {isAtGate ? t('wave.gate') : t(`rollout.${rollout.state}`)}
        </StateLook>
        <span aria-live="polite">{useSentence(rollout)}</span>
      </span>
      {mayChange && isOpen && (
        <span className="act-buttons">
          <Forward rollout={rollout} acting={acting} />
          <Stop rollout={rollout} acting={acting} />
        </span>
      )}
      {acting.isError && (
        <div className="act-problem">
          <ProblemBox problem={problemOf(acting.error)} />
        </div>
      )}
    </div>
  );
};
