import type { LogLine, Problem, Run, RunWithSteps, Step } from '#libs/contract/contract.js';
import { follow } from './events.js';
import { exitOfRun, type Exit } from './exit-codes.js';
import type { Options, Session } from './session.js';
import { at, plain } from './table.js';

/** After a run was asked for: tell where to look, or stay until it has ended. A dry run is always waited for. */
export async function carry(session: Session, run: Run, options: Options): Promise<Exit> {
  const isDry = options['dryRun'] === true;
  if (isDry) return tellPlan(session, await follow(session.client, run.id, { log: () => {}, run: () => {} }));
  if (options['follow'] === true) return watch(session, run.id);
  session.print(run, () => [`${runLine(session, run)}  (siappakai run show ${run.id})`]);
  return exitOfRun(run);
}

/** Log lines as they come; with --json one event a line. */
export async function watch(session: Session, runId: string): Promise<Exit> {
  const { terminal, json } = session;
  const tell = (event: string, body: unknown): void => terminal.out(JSON.stringify({ event, ...(body as object) }));
  const run = await follow(session.client, runId, {
    log: (line) => (json ? tell('log', line) : terminal.out(logText(line))),
    run: (run) => json && tell('run', run),
  });
  if (!json) terminal.out(runLine(session, run));
  if (!json && run.problem) terminal.error(problemLine(run.problem));
  return exitOfRun(run);
}

export const logText = ({ at: time, level, step, line }: LogLine): string =>
  [at(time).slice(11), level === 'info' ? undefined : level.toUpperCase(), step ? `${step}:` : undefined, plain(line)]
    .filter((part) => part !== undefined)
    .join(' ');

const STATE_WORDS: Record<Run['state'], [string, string]> = {
  queued: ['menunggu', 'queued'],
  running: ['berjalan', 'running'],
  done: ['selesai', 'done'],
  undoing: ['sedang dibatalkan', 'being undone'],
  undone: ['dibatalkan, semua kembali seperti semula', 'undone, all is as before'],
  broken: ['rusak, perlu diperiksa orang', 'broken, a person has to look'],
  cancelled: ['dihentikan sebelum mulai', 'cancelled before it began'],
};

export const runLine = ({ t }: Session, { verb, app, subjectLabel, state, waiting }: Run): string =>
  plain(
    [
      [verb, app, subjectLabel].filter(Boolean).join(' '),
      t(...STATE_WORDS[state]) + (waiting ? ` (${waiting})` : ''),
    ].join(': '),
  );

export const problemLine = ({ title, detail, hint }: Problem): string => plain(`${title}. ${detail} ${hint}`);

function tellPlan(session: Session, run: RunWithSteps): Exit {
  session.print(run, () => planLines(session, run));
  return exitOfRun(run);
}

/** What would be done, step by step; a step without words finds its work done already. */
export function planLines({ t }: Session, run: RunWithSteps): string[] {
  const head = t('Rencana (tidak ada yang diubah)', 'Plan (nothing is changed)');
  const steps = run.steps.flatMap((step, index) => stepLines(step, index + 1, t('sudah begitu', 'already so')));
  return [
    plain(`${head}: ${run.verb} ${run.subjectLabel}`),
    ...steps,
    ...(run.problem ? [problemLine(run.problem)] : []),
  ];
}

function stepLines({ name, says, undoReason, problem }: Step, number: number, already: string): string[] {
  const words = says.length > 0 ? says : [already];
  const more = [...words, ...(undoReason ? [`undo: ${undoReason}`] : []), ...(problem ? [problemLine(problem)] : [])];
  return [`${String(number).padStart(2)}. ${name}`, ...more.map((line) => `      ${plain(line)}`)];
}
