import { blockerWords } from '#libs/contract/blocker-words.js';
import { problemText } from '#libs/contract/problems.js';
import type { Rollout, RolloutPlan, RolloutWhole } from '#libs/contract/rollouts.js';
import { problemLine } from './carry.js';
import { EXIT, type Exit } from './exit-codes.js';
import type { Session } from './session.js';
import { dotted, plain, table } from './table.js';

const STATE_WORDS: Record<Rollout['state'], [string, string]> = {
  draft: ['rencana', 'planned'],
  approved: ['disetujui', 'approved'],
  running: ['berjalan', 'running'],
  paused: ['dijeda', 'paused'],
  finished: ['selesai', 'finished'],
  stopped: ['dihentikan', 'stopped'],
};

/** One that waits for a person has not failed, but is not what was asked for either. */
export function exitOfRollout({ state, waves }: Rollout): Exit {
  const failed = waves.reduce((sum, { counts }) => sum + counts.failed, 0);
  if (state === 'stopped') return EXIT.cancelled;
  return state === 'paused' || (state === 'finished' && failed > 0) ? EXIT.partly : EXIT.done;
}

export const rolloutLine = ({ t }: Session, { gabungan, app, version, state, phase, waves }: Rollout): string => {
  const of = (key: keyof Rollout['waves'][number]['counts']): number =>
    waves.reduce((sum, { counts }) => sum + counts[key], 0);
  const counted = [
    `${of('done')} ${t('selesai', 'done')}`,
    `${of('running')} ${t('berjalan', 'running')}`,
    `${of('waiting')} ${t('menunggu', 'waiting')}`,
    `${of('failed')} ${t('gagal', 'failed')}`,
  ].join(', ');
  const at = state === 'running' && phase !== 'waves' ? ` (${phase})` : '';
  return plain(`${gabungan} ${app} ${version}: ${t(...STATE_WORDS[state])}${at}: ${counted}`);
};

export const waveLines = ({ t }: Session, { waves }: Rollout): string[] =>
  table(waves, [
    [t('gelombang', 'wave'), ({ position }) => position + 1],
    [t('keadaan', 'state'), ({ state }) => state],
    [t('menunggu', 'waiting'), ({ counts }) => counts.waiting],
    [t('berjalan', 'running'), ({ counts }) => counts.running],
    [t('selesai', 'done'), ({ counts }) => counts.done],
    [t('gagal', 'failed'), ({ counts }) => counts.failed],
    [t('ditahan', 'held'), ({ counts }) => counts.held],
    [t('sudah di sana', 'already there'), ({ counts }) => counts.already],
    [t('jeda ms', 'lag ms'), ({ startedAfterMilliseconds }) => startedAfterMilliseconds],
  ]);

/** The state, its waves, what stands in the way, and failures by cause. */
export const rolloutLines = (session: Session, rollout: RolloutWhole): string[] => [
  rolloutLine(session, rollout),
  `id    ${rollout.id}`,
  `hash  ${rollout.planHash}`,
  ...waveLines(session, rollout),
  ...(rollout.problem ? [problemLine(rollout.problem)] : []),
  ...(rollout.rehearsal ? [`${session.t('gladi', 'rehearsal')}: ${rollout.rehearsal.verdict}`] : []),
  ...rollout.failures.map(({ problem, desa }) => plain(`${problem.title}: ${desa.map(dotted).join(', ')}`)),
];

const sentence = (code: string, data: Record<string, unknown>, { language }: Session): string => {
  const { title, detail, hint } = problemText(code, data, language);
  return plain(`${title}. ${detail} ${hint} [${code}]`);
};

export function planLines(session: Session, plan: RolloutPlan): string[] {
  const { t, language } = session;
  const minutes = plan.predictedSeconds === null ? '–' : Math.ceil(plan.predictedSeconds / 60);
  return [
    plain(
      `${t('Rencana (tidak ada yang diubah)', 'Plan (nothing is changed)')}: ${plan.gabungan} ${plan.app} ${plan.version}`,
    ),
    `${t('perkiraan menit', 'predicted minutes')}: ${minutes}`,
    ...table(plan.desa, [
      [t('gelombang', 'wave'), ({ wave }) => (wave === null ? '–' : String(wave + 1))],
      [t('kode', 'code'), ({ code }) => dotted(code)],
      [t('nama', 'name'), ({ name }) => name],
      ['server', ({ server }) => server],
      [t('dari', 'from'), ({ from }) => from],
      [t('ke', 'to'), ({ to }) => to],
      [
        t('catatan', 'note'),
        (desa) => (desa.isAlready ? t('sudah di sana', 'already there') : blockerWords(desa, language).join(' ')),
      ],
    ]),
    ...plan.problems.map(({ code, data }) => `! ${sentence(code, data, session)}`),
  ];
}
