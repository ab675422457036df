import type { Command } from 'commander';
import type { Run } from '#libs/contract/contract.js';
import type { Drift, DriftList, RepairPolicyShown, Repairs } from '#libs/contract/looks.js';
import { carry, problemLine, runLine } from '../carry.js';
import { EXIT, type Exit } from '../exit-codes.js';
import type { Leaf, Options, Session } from '../session.js';
import { at, card, plain, table } from '../table.js';

export function addDrift(root: Command, leaf: Leaf): void {
  const drift = root.command('drift').description('where the world is not as the records say');
  leaf(drift, 'list', 'what drifts, what it means and what to do', list).option('--server <name>', 'of one server');
  leaf(drift, 'repair', 'repair one drift, or with --all every one that a run can repair', repair)
    .argument('[id]')
    .option('--all', 'all but unknown containers')
    .option('--server <name>', 'with --all: of one server')
    .option('--dry-run', 'show what would be done, change nothing')
    .option('--follow', 'stay until it has ended');
  leaf(drift, 'policy', 'what may be repaired without a person', policy)
    .argument('<kabupaten>')
    .option('--by-itself <what>', 'none or safe');
}

async function list(session: Session, options: Options): Promise<void> {
  const { t, client } = session;
  const found = await client.get<DriftList>('/drift', { server: options['server'] as string | undefined });
  session.print(found, () => [
    ...(found.open.length === 0 ? [t('Tidak ada penyimpangan.', 'Nothing drifts.')] : lines(session, found.open)),
    ...found.looks.map(({ server, lookedAt, problem }) => {
      const reason = problem ? t(`, gagal: ${problem}`, `, failed: ${problem}`) : '';
      return plain(`${t('dilihat', 'looked at')} ${server}: ${at(lookedAt)}${reason}`);
    }),
  ]);
}

const lines = ({ t }: Session, open: Drift[]): string[] => [
  ...table(open, [
    ['server', ({ server }) => server],
    [t('apa', 'what'), ({ title }) => title],
    [t('pada', 'on'), ({ subject }) => subject],
    [t('sejak', 'since'), ({ firstSeenAt }) => at(firstSeenAt)],
    [
      t('perbaikan', 'repair'),
      ({ repair, repairedBy }) => repair?.state ?? (repairedBy ? null : t('oleh orang', 'by a person')),
    ],
    ['id', ({ id }) => id],
  ]),
  ...open.flatMap(({ subject, detail, hint }) => [plain(`- ${subject}: ${detail}`), plain(`  ${hint}`)]),
];

async function repair(session: Session, options: Options, id?: string): Promise<Exit> {
  const { terminal, t, client } = session;
  const isAll = options['all'] === true;
  if (isAll === (id !== undefined)) {
    terminal.error(t('Sebut satu nomor, atau --all.', 'Name one id, or --all.'));
    return EXIT.usage;
  }
  if (isAll) return repairAll(session, options);
  const dryRun = options['dryRun'] === true;
  return carry(session, await client.post<Run>(`/drift/${encodeURIComponent(id!)}/repair`, { dryRun }), options);
}

async function repairAll(session: Session, options: Options): Promise<Exit> {
  if (options['dryRun'] === true) return planAll(session, options);
  const body = options['server'] === undefined ? {} : { server: options['server'] };
  const { runs, left } = await session.client.post<Repairs>('/drift/repair', body);
  session.print({ runs, left }, () => [
    ...runs.map((run) => `${runLine(session, run)}  (siappakai run show ${run.id})`),
    ...left.map(({ subject, problem }) => plain(`${subject}: ${problemLine(problem)}`)),
  ]);
  return left.length > 0 ? EXIT.partly : EXIT.done;
}

/** The plan of each, one after the other: nothing is changed. */
async function planAll(session: Session, options: Options): Promise<Exit> {
  const { open } = await session.client.get<DriftList>('/drift', { server: options['server'] as string | undefined });
  let exit: Exit = EXIT.done;
  for (const { id } of open.filter(({ repairedBy, kind }) => repairedBy && kind !== 'container-unknown')) {
    const run = await session.client.post<Run>(`/drift/${id}/repair`, { dryRun: true });
    exit = (await carry(session, run, options)) || exit;
  }
  return exit;
}

async function policy(session: Session, options: Options, kabupaten: string): Promise<void> {
  const path = `/drift/policies/${encodeURIComponent(kabupaten.replaceAll('.', ''))}`;
  const byItself = options['byItself'];
  const shown = await (byItself === undefined
    ? session.client.get<RepairPolicyShown>(path)
    : session.client.put<RepairPolicyShown>(path, { byItself }));
  session.print(shown, () =>
    card([
      ['kabupaten', shown.kabupaten],
      [session.t('diperbaiki sendiri', 'repaired by itself'), shown.byItself],
    ]),
  );
}
