import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { Desa, ImportReport, Installation } from '#libs/contract/contract.js';
import { ownProblem, Refused } from '../client.js';
import { EXIT, type Exit } from '../exit-codes.js';
import type { Leaf, Options, Session } from '../session.js';
import { at, card, dotted, table } from '../table.js';
import { listed } from './list.js';
import { nounOf } from './noun.js';
import { subscriptionOf } from './subscription.js';

const FILTERS = ['q', 'state', 'app', 'version', 'kecamatan', 'limit', 'offset'];

export function addDesa(root: Command, leaf: Leaf): void {
  const desa = nounOf(root, 'desa', 'desa and what is installed for them');
  leaf(desa, 'add', 'register a desa', add)
    .argument('<code>')
    .requiredOption('--domain <domain>', 'domain of its site')
    .option('--name <name>', 'name, when the register writes it otherwise')
    .option('--sebutan <word>', 'what a desa is called here: desa, nagari, gampong …')
    .option('--zone <zone>', 'WIB, WITA or WIT')
    .option('--subscription <end>', 'premium releases until this month or day, YYYY-MM or YYYY-MM-DD');
  leaf(desa, 'import', 'register many desa from a CSV file (- is standard input)', importAll)
    .argument('<file>')
    .option('--only-good', 'take the good rows although others are refused')
    .option('--dry-run', 'check only');
  const list = leaf(desa, 'list', 'desa', showAll);
  for (const filter of FILTERS) list.option(`--${filter} <value>`);
  leaf(desa, 'show', 'one desa', show).argument('<code>');
  leaf(desa, 'administrator', "the first administrator's password, shown once", administrator)
    .argument('<code>')
    .option('--app <app>');
}

async function add(session: Session, options: Options, code: string): Promise<void> {
  const { domain, name, sebutan, zone, subscription: subscriptionEnd } = options;
  const made = await session.client.post<Desa>('/desa', {
    code: code.replaceAll('.', ''),
    domain,
    name,
    sebutan,
    zone,
    subscriptionEnd,
  });
  session.print(made, () => lines(session, made));
}

async function importAll(session: Session, options: Options, file: string): Promise<Exit> {
  const csv = file === '-' ? await session.terminal.input() : await textOf(session, file);
  const wish = { csv, onlyGood: options['onlyGood'] === true, dryRun: options['dryRun'] === true };
  const report = await session.client.post<ImportReport>('/desa/import', wish);
  session.print(report, () => reportLines(session, report));
  if (report.refused === 0) return EXIT.done;
  return report.applied ? EXIT.partly : EXIT.invalid;
}

async function textOf({ language }: Session, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    throw new Refused(ownProblem('file-unreadable', { file }, language));
  }
}

function reportLines({ t }: Session, { rows, accepted, refused, applied }: ImportReport): string[] {
  const wrong = rows.filter(({ problem }) => problem !== null);
  const columns = [
    [t('baris', 'line'), ({ line }: (typeof rows)[number]) => line],
    [t('kode', 'code'), ({ code }: (typeof rows)[number]) => dotted(code)],
    ['domain', ({ domain }: (typeof rows)[number]) => domain],
    [t('masalah', 'problem'), ({ problem }: (typeof rows)[number]) => problem],
  ] as const;
  const sum = t(`${accepted} baris baik, ${refused} ditolak.`, `${accepted} rows good, ${refused} refused.`);
  const done = applied
    ? t('Desa yang baik terdaftar.', 'The good ones are registered.')
    : t('Tidak ada yang diubah.', 'Nothing was changed.');
  return [...(wrong.length > 0 ? table(wrong, columns) : []), `${sum} ${done}`];
}

const installed = ({ app, state, observedVersion, wantedVersion }: Installation): string =>
  `${app} ${observedVersion ?? wantedVersion ?? ''} ${state}`.replace(/ {2,}/, ' ');

const showAll = (session: Session, options: Options): Promise<void> =>
  listed<Desa>(
    session,
    '/desa',
    Object.fromEntries(FILTERS.map((name) => [name, options[name] as string | undefined])),
    [
      [session.t('kode', 'code'), ({ code }) => dotted(code)],
      [session.t('nama', 'name'), ({ sebutan, name }) => `${sebutan} ${name}`],
      ['kecamatan', ({ kecamatanName }) => kecamatanName],
      [session.t('alamat', 'address'), ({ url }) => url],
      [session.t('terpasang', 'installed'), ({ installations }) => installations.map(installed).join(', ')],
    ],
  );

async function show(session: Session, _: Options, code: string): Promise<void> {
  const seen = await session.client.get<Desa>(`/desa/${encodeURIComponent(code.replaceAll('.', ''))}`);
  session.print(seen, () => lines(session, seen));
}

const lines = ({ t }: Session, desa: Desa): string[] => [
  ...card([
    [t('kode', 'code'), dotted(desa.code)],
    [t('nama', 'name'), `${desa.sebutan} ${desa.name}`],
    ['kecamatan', desa.kecamatanName],
    [t('alamat', 'address'), desa.url],
    [t('zona', 'zone'), desa.zone],
    [t('langganan', 'subscription'), subscriptionOf({ t }, desa)],
  ]),
  ...(desa.installations.length > 0
    ? table(desa.installations, [
        ['app', ({ app }) => app],
        [t('keadaan', 'state'), ({ state }) => state],
        [t('diminta', 'wanted'), ({ wantedVersion }) => wantedVersion],
        [t('terlihat', 'seen'), ({ observedVersion }) => observedVersion],
        [t('pada', 'at'), ({ observedAt }) => at(observedAt)],
        [t('masalah', 'problem'), ({ problem }) => problem],
      ])
    : []),
  ...desa.installations.flatMap(({ kept }) => (kept ? [keptLine({ t }, desa.domain, kept)] : [])),
];

const keptLine = (
  { t }: Pick<Session, 't'>,
  domain: string,
  { server, until, dns }: NonNullable<Installation['kept']>,
): string =>
  t(
    `Server ${server} masih menyimpan tempat lama dan meneruskan pengunjung sampai ${at(until)}; arahkan DNS ${domain} ke ${dns}.`,
    `Server ${server} keeps the old place and passes visitors on until ${at(until)}; point the DNS record of ${domain} to ${dns}.`,
  );

async function administrator(session: Session, options: Options, code: string): Promise<void> {
  const path = `/desa/${encodeURIComponent(code.replaceAll('.', ''))}/administrator`;
  const shown = await session.client.post<{ username: string; password: string }>(path, { app: options['app'] });
  session.print(shown, () =>
    card([
      ['username', shown.username],
      ['password', shown.password],
    ]),
  );
}
