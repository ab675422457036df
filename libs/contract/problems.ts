import type { ProblemTable } from './problem-table.js';
import { ARCHIVES } from './problems-of-archives.js';
import { ASKING } from './problems-of-asking.js';
import { BLOCKERS } from './problems-of-blockers.js';
import { CLOCK } from './problems-of-clock.js';
import { COMPOSER } from './problems-of-composer.js';
import { DESA } from './problems-of-desa.js';
import { DRIFT } from './problems-of-drift.js';
import { ENROLMENT } from './problems-of-enrolment.js';
import { ENGINES } from './problems-of-engines.js';
import { HTTPS } from './problems-of-https.js';
import { HTTPS_DRIFT } from './problems-of-https-drift.js';
import { IMAGES } from './problems-of-images.js';
import { LOOKS } from './problems-of-looks.js';
import { MOVES } from './problems-of-moves.js';
import { PEOPLE } from './problems-of-people.js';
import { PLANS } from './problems-of-plans.js';
import { REHEARSALS } from './problems-of-rehearsals.js';
import { RELEASES } from './problems-of-releases.js';
import { ROLLOUT_ACTS } from './problems-of-rollout-acts.js';
import { ROLLOUTS } from './problems-of-rollouts.js';
import { RUNS } from './problems-of-runs.js';
import { SERVERS } from './problems-of-servers.js';
import { SSH } from './problems-of-ssh.js';
import { SETUP } from './problems-of-setup.js';
import { STEPS } from './problems-of-steps.js';
import { WAYS } from './problems-of-ways.js';

export interface ProblemText {
  title: string;
  detail: string;
  hint: string;
  status: number;
}

/** Every code that anything of ours throws; a test finds the ones without words. */
export const PROBLEMS: ProblemTable = {
  ...ARCHIVES,
  ...ENGINES,
  ...ASKING,
  ...BLOCKERS,
  ...DESA,
  ...REHEARSALS,
  ...RELEASES,
  ...ROLLOUT_ACTS,
  ...ROLLOUTS,
  ...MOVES,
  ...PEOPLE,
  ...PLANS,
  ...CLOCK,
  ...COMPOSER,
  ...DRIFT,
  ...IMAGES,
  ...LOOKS,
  ...RUNS,
  ...STEPS,
  ...SERVERS,
  ...SSH,
  ...ENROLMENT,
  ...HTTPS,
  ...HTTPS_DRIFT,
  ...SETUP,
  ...WAYS,
};

const shown = (value: unknown): string =>
  Array.isArray(value) ? value.join(', ') : value == null ? '–' : String(value);
const filled = (words: string, data: Record<string, unknown>): string =>
  words.replaceAll(/\{(\w+)\}/g, (_, name: string) => shown(data[name]));

/** `{name}` in the words stands for the problem's data. An unknown code is told as unexpected, with its code. */
export function problemText(code: string, data: Record<string, unknown>, language: 'id' | 'en'): ProblemText {
  const entry = PROBLEMS[code] ?? PROBLEMS['unexpected']!;
  const [title, detail, hint] = entry[language].map((words) => filled(words, { message: code, ...data })) as [
    string,
    string,
    string,
  ];
  return { title, detail, hint, status: entry.status };
}
