import type { Command } from 'commander';
import { readFile } from 'node:fs/promises';
import type { PolicyShown } from '#libs/contract/rollouts.js';
import { ownProblem, Refused } from '../client.js';
import type { Leaf, Options, Session } from '../session.js';
import { at, card, plain } from '../table.js';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

export function addPolicy(root: Command, leaf: Leaf): void {
  const policy = root.command('policy').description('what the clock may do for a kabupaten by itself');
  leaf(policy, 'show', 'the rules, and what the clock says it did', show)
    .argument('<kabupaten>')
    .option('--app <app>', 'application', 'opensid');
  leaf(policy, 'set', 'change what is said and keep the rest', set)
    .argument('<kabupaten>')
    .option('--app <app>', 'application', 'opensid')
    .option('--on', 'let the clock work')
    .option('--off', 'let the clock do nothing')
    .option('--edition <edition>', 'umum or premium')
    .option('--days-out <n>', 'days a release must have been out')
    .option('--window <from-to>', 'like 22:00-04:00, in the zone of each desa')
    .option('--days <days>', 'like mon,tue,wed,thu; a night belongs to the day it begins')
    .option('--canary <codes>', 'desa that go first, with commas')
    .option('--needs-yes <answer>', 'yes or no: a person approves before anything begins')
    .option('--skip-months <months>', 'like 2026-12,2027-01')
    .option('--file <file>', 'all rules as JSON');
}

const pathOf = (options: Options, kabupaten: string): string =>
  `/policies/${encodeURIComponent(kabupaten.replaceAll('.', ''))}/${encodeURIComponent(String(options['app']))}`;

async function show(session: Session, options: Options, kabupaten: string): Promise<void> {
  tell(session, await session.client.get<PolicyShown>(pathOf(options, kabupaten)));
}

async function set(session: Session, options: Options, kabupaten: string): Promise<void> {
  const path = pathOf(options, kabupaten);
  const { rules } = await session.client.get<PolicyShown>(path);
  const wanted = options['file'] === undefined ? changed(rules, options) : await read(session, String(options['file']));
  tell(session, await session.client.put<PolicyShown>(path, wanted));
}

async function read({ language }: Session, file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as unknown;
  } catch {
    throw new Refused(ownProblem('file-unreadable', { file }, language));
  }
}

const listOf = (value: unknown): string[] =>
  String(value)
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** What cannot be read goes as it is: the dashboard says what is wrong with it. */
function changed(rules: PolicyShown['rules'], options: Options): Record<string, unknown> {
  const [from, to] = String(options['window'] ?? `${rules.window.from}-${rules.window.to}`).split('-');
  const days = options['days'] === undefined ? rules.window.days : listOf(options['days']).map(dayOf);
  const readers: Record<string, (value: unknown) => unknown> = {
    edition: String,
    daysOut: Number,
    canary: (value) => listOf(value).map((code) => code.replaceAll('.', '')),
    needsYes: (value) => ({ yes: true, no: false })[String(value)] ?? value,
    skipMonths: listOf,
  };
  const said = Object.entries(readers).filter(([name]) => options[name] !== undefined);
  const isOn = options['on'] === true ? true : options['off'] === true ? false : rules.isOn;
  return {
    ...rules,
    ...Object.fromEntries(said.map(([name, reader]) => [name, reader(options[name])])),
    window: { from, to, days },
    isOn,
  };
}

const dayOf = (day: string): number => DAYS.indexOf(day.toLowerCase().slice(0, 3)) + 1;

function tell(session: Session, { kabupaten, app, rules, notes }: PolicyShown): void {
  const { t } = session;
  const yes = (is: boolean): string => (is ? t('ya', 'yes') : t('tidak', 'no'));
  session.print({ kabupaten, app, rules, notes }, () => [
    ...card([
      ['kabupaten', kabupaten],
      ['app', app],
      [t('menyala', 'on'), yes(rules.isOn)],
      [t('edisi', 'edition'), rules.edition],
      [t('hari sejak terbit', 'days out'), rules.daysOut],
      [t('jendela', 'window'), `${rules.window.from}-${rules.window.to}`],
      [t('hari', 'days'), rules.window.days.map((day) => DAYS[day - 1]).join(',')],
      ['canary', rules.canary.join(', ')],
      [t('perlu persetujuan', 'needs a yes'), yes(rules.needsYes)],
      [t('bulan dilewati', 'months skipped'), rules.skipMonths.join(', ')],
    ]),
    ...notes.map((note) => plain(`${at(note.at)}  ${note.text}`)),
  ]);
}
