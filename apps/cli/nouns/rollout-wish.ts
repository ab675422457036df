import { InvalidArgumentError, type Command } from 'commander';
import type { RolloutSettings } from '#libs/contract/rollouts.js';
import type { Options } from '../session.js';

/** `1,5%,25%,100%`: numbers of desa or shares of all. */
function wavesOf(text: string): RolloutSettings['waves'] {
  return text.split(',').map((part) => {
    const [, number, percent] = /^\s*(\d+)(%?)\s*$/.exec(part) ?? [];
    if (!number) throw new InvalidArgumentError('Write waves like 1,5%,25%,100%.');
    return percent ? { percent: Number(number) } : { count: Number(number) };
  });
}
const numberOf = (text: string): number => {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('A whole number is wanted.');
  return Number(text);
};
const codesOf = (text: string): string[] => text.split(',').map((code) => code.trim().replaceAll('.', ''));

/** The options of a wish for a rollout; what is not said the dashboard decides. */
export const withWish = (command: Command): Command =>
  command
    .requiredOption('--gabungan <name>')
    .requiredOption('--to <version>', 'release; an older one when the schema allows')
    .option('--app <app>', 'application (opensid when not given)')
    .option('--waves <sizes>', 'like 1,5%,25%,100%', wavesOf)
    .option('--canary <codes>', 'desa that go first, with commas', codesOf)
    .option('--soak-minutes <n>', 'quiet minutes between waves', numberOf)
    .option('--needs-yes', 'a person opens every gate between waves')
    .option('--stop-after-failures <n>', 'more failures than this in one wave stop it', numberOf)
    .option('--stop-after-percent <n>', 'a greater share than this stops it', numberOf)
    .option('--per-server <n>', 'desa under way at once on one server', numberOf)
    .option('--deadline-seconds <n>', 'a desa that has not ended by then has failed', numberOf)
    .option('--four-eyes', 'whoever asked may not approve')
    .option('--seed <n>', 'order of the desa, as a plan told it', numberOf);

const PLAIN = ['waves', 'canary', 'soakMinutes', 'needsYes', 'perServer', 'deadlineSeconds', 'fourEyes'];

/** As the contract wants it. Values were read by the options' own parsers. */
export function wishOf(options: Options): Record<string, unknown> {
  const given = options as Record<string, unknown>;
  const settings = Object.fromEntries(
    PLAIN.filter((name) => given[name] !== undefined).map((name) => [name, given[name]]),
  );
  const stop = { failures: given['stopAfterFailures'], percent: given['stopAfterPercent'] };
  const isStopSaid = stop.failures !== undefined || stop.percent !== undefined;
  return {
    gabungan: given['gabungan'],
    version: given['to'],
    ...(given['app'] === undefined ? {} : { app: given['app'] }),
    ...(given['seed'] === undefined ? {} : { seed: given['seed'] }),
    settings: { ...settings, ...(isStopSaid ? { stopAfter: stop } : {}) },
  };
}
