import type { Command } from 'commander';
import type { Rollout, RolloutPlanned, RolloutWhole } from '#libs/contract/rollouts.js';
import { problemLine } from '../carry.js';
import { EXIT, type Exit } from '../exit-codes.js';
import { followRollout } from '../rollout-events.js';
import { exitOfRollout, planLines, rolloutLine, rolloutLines } from '../rollout-text.js';
import type { Leaf, Options, Session } from '../session.js';
import { at } from '../table.js';
import { listed } from './list.js';
import { wishOf, withWish } from './rollout-wish.js';

const ACTS: readonly (readonly [verb: string, path: string, description: string])[] = [
  ['start', 'start', 'begin an approved rollout'],
  ['pause', 'pause', 'let nothing more begin; what runs ends by itself'],
  ['resume', 'resume', 'go on with a paused rollout'],
  ['stop', 'stop', 'end a rollout for good; what runs ends by itself'],
  ['release', 'release-gate', 'say yes to the gate after the wave that has just ended'],
];

export function addRollout(root: Command, leaf: Leaf): void {
  const rollout = root.command('rollout').description('one release over all desa of a gabungan, in waves');
  withWish(leaf(rollout, 'plan', 'show what a rollout would do; nothing is changed', plan));
  withWish(leaf(rollout, 'create', 'make a rollout; it waits for an approval', create));
  leaf(rollout, 'approve', 'approve the plan with this hash', approve)
    .argument('<id>')
    .requiredOption('--hash <hash>', 'what `plan`, `create` or `show` told');
  for (const [verb, path, description] of ACTS)
    leaf(rollout, verb, description, (session, _, id) => act(session, id!, path)).argument('<id>');
  leaf(rollout, 'retry', 'try failed desa again', (session, options, id) => choose(session, options, id!, 'retry'))
    .argument('<id>')
    .option('--desa <codes>', 'with commas; all that failed when not given');
  leaf(rollout, 'hold', 'hold desa and go on without them', (session, options, id) =>
    choose(session, options, id!, 'hold'),
  )
    .argument('<id>')
    .option('--desa <codes>', 'with commas; all that failed when not given')
    .option('--reason <text>');
  leaf(rollout, 'show', 'one rollout; exits by its state', show).argument('<id>');
  leaf(rollout, 'watch', 'stay until it has ended or waits for a person', watch).argument('<id>');
  leaf(rollout, 'list', 'rollouts, the newest first', list).option('--state <state>').option('--offset <n>');
}

const pathOf = (id: string, more = ''): string => `/rollouts/${encodeURIComponent(id)}${more}`;

async function plan(session: Session, options: Options): Promise<Exit> {
  const planned = await session.client.post<RolloutPlanned>('/rollouts/plan', wishOf(options));
  session.print(planned, () => [
    ...planLines(session, planned),
    `id    ${planned.id}`,
    `hash  ${planned.planHash}`,
    `seed  ${planned.seed}`,
  ]);
  return planned.problems.length > 0 ? EXIT.conflict : EXIT.done;
}

async function create(session: Session, options: Options): Promise<void> {
  const made = await session.client.post<RolloutWhole>('/rollouts', wishOf(options));
  session.print(made, () => [...planLines(session, made.plan), ...rolloutLines(session, made)]);
}

async function approve(session: Session, options: Options, id: string): Promise<void> {
  tell(session, await session.client.post<Rollout>(pathOf(id, '/approve'), { hash: options['hash'] }));
}

async function act(session: Session, id: string, path: string): Promise<void> {
  tell(session, await session.client.post<Rollout>(pathOf(id, `/${path}`)));
}

/** Without codes: every desa that failed, as the rollout stands now. */
async function choose(session: Session, options: Options, id: string, path: 'retry' | 'hold'): Promise<void> {
  const codes = options['desa'] === undefined ? await failed(session, id) : String(options['desa']).split(',');
  const reason = options['reason'] === undefined ? {} : { reason: options['reason'] };
  tell(session, await session.client.post<Rollout>(pathOf(id, `/${path}`), { desa: codes, ...reason }));
}

const failed = async ({ client }: Session, id: string): Promise<string[]> =>
  (await client.get<RolloutWhole>(pathOf(id))).failures.flatMap(({ desa }) => desa);

const tell = (session: Session, rollout: Rollout): void =>
  session.print(rollout, () => [
    rolloutLine(session, rollout),
    ...(rollout.problem ? [problemLine(rollout.problem)] : []),
  ]);

async function show(session: Session, _: Options, id: string): Promise<Exit> {
  const rollout = await session.client.get<RolloutWhole>(pathOf(id));
  session.print(rollout, () => rolloutLines(session, rollout));
  return exitOfRollout(rollout);
}

/** One line for every change; with --json one event a line. */
async function watch(session: Session, _: Options, id: string): Promise<Exit> {
  const { terminal, json } = session;
  let told = '';
  const tellChange = (rollout: RolloutWhole): void => {
    const line = json ? JSON.stringify({ event: 'rollout', ...rollout }) : rolloutLine(session, rollout);
    if (line !== told) terminal.out((told = line));
  };
  const last = await followRollout(session.client, id, tellChange, isAtRest);
  if (!json && last.problem) terminal.error(problemLine(last.problem));
  return exitOfRollout(last);
}

/** The clock goes on by itself with what waits for its next window. */
const isAtRest = ({ state, problem }: RolloutWhole): boolean =>
  ['finished', 'stopped'].includes(state) || (state === 'paused' && problem?.code !== 'window-closes');

const list = (session: Session, options: Options): Promise<void> =>
  listed<Rollout>(session, '/rollouts', { state: options['state'] as string, offset: options['offset'] as string }, [
    ['id', ({ id }) => id],
    ['gabungan', ({ gabungan }) => gabungan],
    ['app', ({ app }) => app],
    [session.t('versi', 'version'), ({ version }) => version],
    [session.t('keadaan', 'state'), ({ state }) => state],
    [session.t('oleh', 'by'), ({ askedBy }) => askedBy],
    [session.t('dibuat', 'made'), ({ createdAt }) => at(createdAt)],
  ]);
