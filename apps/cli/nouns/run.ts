import type { Command } from 'commander';
import type { LogLine, Run, RunWithSteps } from '#libs/contract/contract.js';
import { logText, problemLine, runLine, watch } from '../carry.js';
import { exitOfRun, type Exit } from '../exit-codes.js';
import type { Leaf, Options, Session } from '../session.js';
import { at, table } from '../table.js';
import { listed } from './list.js';

export function addRun(root: Command, leaf: Leaf): void {
  const run = root.command('run').description('pieces of work');
  leaf(run, 'show', 'one run with its steps; exits by its state', show)
    .argument('<id>')
    .option('--follow', 'stay until it has ended');
  leaf(run, 'list', 'runs, the newest first', list)
    .option('--state <state>')
    .option('--limit <n>')
    .option('--offset <n>');
  leaf(run, 'log', 'what a run said', log).argument('<id>').option('--follow', 'stay until it has ended');
  leaf(run, 'cancel', 'take back a run that has not begun', cancel).argument('<id>');
  leaf(run, 'clear', 'open a desa again after a broken run', clear)
    .argument('<id>')
    .requiredOption('--reason <text>', 'what was found and done');
}

const path = (id: string, more = ''): string => `/runs/${encodeURIComponent(id)}${more}`;

async function show(session: Session, options: Options, id: string): Promise<Exit> {
  if (options['follow'] === true) return watch(session, id);
  return tell(session, await session.client.get<RunWithSteps>(path(id)));
}

const list = (session: Session, options: Options): Promise<void> =>
  listed<Run>(
    session,
    '/runs',
    { state: options['state'] as string, limit: options['limit'] as string, offset: options['offset'] as string },
    [
      ['id', ({ id }) => id],
      [session.t('pekerjaan', 'work'), ({ verb, app }) => [verb, app].filter(Boolean).join(' ')],
      [session.t('pada', 'on'), ({ subjectLabel }) => subjectLabel],
      [session.t('keadaan', 'state'), ({ state }) => state],
      [session.t('oleh', 'by'), ({ askedBy }) => askedBy],
      [session.t('diminta', 'asked'), ({ createdAt }) => at(createdAt)],
    ],
  );

async function log(session: Session, options: Options, id: string): Promise<Exit | void> {
  if (options['follow'] === true) return watch(session, id);
  const lines: LogLine[] = [];
  for (let more = await page(session, id, 0); more.length > 0; more = await page(session, id, more.at(-1)!.id))
    lines.push(...more);
  session.print(lines, () => lines.map(logText));
}

const page = ({ client }: Session, id: string, after: number): Promise<LogLine[]> =>
  client.get(path(id, '/log'), { after });

async function cancel(session: Session, _: Options, id: string): Promise<void> {
  tell(session, await session.client.post<RunWithSteps>(path(id, '/cancel')));
}

async function clear(session: Session, options: Options, id: string): Promise<void> {
  tell(session, await session.client.post<RunWithSteps>(path(id, '/clear'), { reason: options['reason'] }));
}

function tell(session: Session, run: RunWithSteps): Exit {
  session.print(run, () => [
    runLine(session, run),
    ...table(run.steps, [
      ['', ({ position }) => position],
      [session.t('langkah', 'step'), ({ name }) => name],
      [session.t('keadaan', 'state'), ({ state }) => state],
      [session.t('kata', 'says'), ({ says }) => says.join('; ')],
    ]),
    ...(run.problem ? [problemLine(run.problem)] : []),
  ]);
  return exitOfRun(run);
}
