import type { Command } from 'commander';
import type { GabunganView, Run } from '#libs/contract/contract.js';
import type { GabunganBackup, KeptDatabase } from '#libs/contract/rollouts.js';
import { carry } from '../carry.js';
import { EXIT, type Exit } from '../exit-codes.js';
import type { Leaf, Options, Session } from '../session.js';
import { at, card } from '../table.js';
import { listed } from './list.js';

export function addGabungan(root: Command, leaf: Leaf): void {
  const gabungan = root.command('gabungan').description('merged databases');
  leaf(gabungan, 'create', 'make a merged database on a server, or use an external one', create)
    .argument('<name>')
    .requiredOption('--kabupaten <code>', 'kabupaten whose desa it holds')
    .requiredOption('--server <name>', 'server on which it stands')
    .option('--edition <edition>', 'umum or premium')
    .option('--external-host <host>', 'address of an external MariaDB; its password is read from standard input')
    .option('--external-port <port>', 'its port')
    .option('--external-user <user>', 'account that may create databases and users')
    .option('--follow', 'stay until it is done');
  leaf(gabungan, 'list', 'merged databases', list);
  leaf(gabungan, 'show', 'one merged database', show).argument('<name>');
  leaf(gabungan, 'backup', 'dump it whole, and prove that the dump can be loaded', backup)
    .argument('<name>')
    .option('--follow', 'stay until it is done');
  leaf(gabungan, 'backups', 'its proved dumps', backups).argument('<name>');
  leaf(gabungan, 'restore', 'put a dump in its place; what stood is kept beside it', restore)
    .argument('<name>')
    .argument('<backup>')
    .requiredOption('--confirm <code>', 'the code of the kabupaten, typed again')
    .option('--follow', 'stay until it is done');
  leaf(gabungan, 'keep', 'how many of its newest dumps are kept', keep).argument('<name>').argument('<count>');
  const kept = gabungan.command('kept').description('what stood before a restore, kept beside');
  leaf(kept, 'list', 'databases that restores have kept', keptList).argument('<name>');
  leaf(kept, 'drop', 'let one go for good', keptDrop)
    .argument('<name>')
    .argument('<id>')
    .requiredOption('--confirm <code>', 'the code of the kabupaten, typed again')
    .option('--follow', 'stay until it is done');
  leaf(gabungan, 'check', 'count its invariants again', check).argument('<name>');
}

async function create(session: Session, options: Options, name: string): Promise<Exit> {
  const external = options['externalHost'] === undefined ? {} : { external: await externalOf(session, options) };
  const run = await session.client.post<Run>('/gabungan', {
    name,
    kabupaten: String(options['kabupaten']).replaceAll('.', ''),
    server: options['server'],
    ...(options['edition'] === undefined ? {} : { edition: options['edition'] }),
    ...external,
  });
  return carry(session, run, options);
}

/** A password in argv would stand in the list of processes. */
async function externalOf({ terminal, t }: Session, options: Options) {
  const ask = (): Promise<string> => terminal.ask(t('Kata sandi MariaDB: ', 'MariaDB password: '), true);
  const password = terminal.isInteractive ? await ask() : (await terminal.input()).replace(/\r?\n$/, '');
  const port = options['externalPort'] === undefined ? {} : { port: Number(options['externalPort']) };
  return { host: options['externalHost'], user: options['externalUser'], password, ...port };
}

const list = (session: Session): Promise<void> =>
  listed<GabunganView>(session, '/gabungan', {}, [
    [session.t('nama', 'name'), ({ name }) => name],
    ['server', ({ serverName }) => serverName],
    [session.t('edisi', 'edition'), ({ edition }) => edition],
    [session.t('keadaan', 'state'), ({ state }) => state],
    [session.t('versi', 'version'), ({ version }) => version],
    ['desa', ({ desaCount }) => desaCount],
    [session.t('dilihat', 'looked at'), ({ checkedAt }) => at(checkedAt)],
  ]);

async function show(session: Session, _: Options, name: string): Promise<void> {
  const seen = await session.client.get<GabunganView>(`/gabungan/${encodeURIComponent(name)}`);
  session.print(seen, () => lines(session, seen));
}

async function check(session: Session, _: Options, name: string): Promise<Exit> {
  const seen = await session.client.post<GabunganView>(`/gabungan/${encodeURIComponent(name)}/check`);
  session.print(seen, () => lines(session, seen));
  const isWhole = (seen.invariants ?? []).every(({ expected, observed }) => expected === observed);
  return isWhole ? EXIT.done : EXIT.conflict;
}

const under = (name: string, what: string): string => `/gabungan/${encodeURIComponent(name)}/${what}`;

const keepWord = ({ t }: Session, why: GabunganBackup['keep']): string => {
  if (why === 'newest') return t('termasuk yang terbaru', 'among the newest');
  return why === 'rollout' ? t('dipakai peluncuran', 'a rollout stands on it') : t('akan dihapus', 'goes next');
};

async function keep(session: Session, _: Options, name: string, count: string): Promise<void> {
  const path = `/gabungan/${encodeURIComponent(name)}`;
  const seen = await session.client.patch<GabunganView>(path, { keepBackups: Number(count) });
  session.print(seen, () => lines(session, seen));
}

const keptList = (session: Session, _: Options, name: string): Promise<void> =>
  listed<KeptDatabase>(session, under(name, 'kept'), {}, [
    ['id', ({ id }) => id],
    [session.t('basis data', 'database'), ({ database }) => database],
    [session.t('disimpan', 'kept'), ({ keptAt }) => at(keptAt)],
    [session.t('dipulihkan oleh', 'restored by'), ({ restoredBy }) => restoredBy],
  ]);

async function keptDrop(session: Session, options: Options, name: string, id: string): Promise<Exit> {
  const confirm = String(options['confirm']).replaceAll('.', '');
  const path = under(name, `kept/${encodeURIComponent(id)}/drop`);
  return carry(session, await session.client.post<Run>(path, { confirm }), options);
}

const backup = async (session: Session, options: Options, name: string): Promise<Exit> =>
  carry(session, await session.client.post<Run>(under(name, 'backup')), options);

const backups = (session: Session, _: Options, name: string): Promise<void> =>
  listed<GabunganBackup>(session, under(name, 'backups'), {}, [
    ['id', ({ id }) => id],
    [session.t('jenis', 'kind'), ({ kind }) => kind],
    [session.t('versi', 'version'), ({ version }) => version],
    ['MiB', ({ bytes }) => Math.ceil(bytes / 2 ** 20)],
    [session.t('disimpan karena', 'kept because'), ({ keep: why }) => keepWord(session, why)],
    [session.t('terbukti', 'proved'), ({ verifiedAt }) => at(verifiedAt)],
  ]);

const restore = async (session: Session, options: Options, name: string, id: string): Promise<Exit> =>
  carry(
    session,
    await session.client.post<Run>(under(name, 'restore'), { backup: id, confirm: options['confirm'] }),
    options,
  );

const lines = ({ t }: Session, seen: GabunganView): string[] =>
  card([
    [t('nama', 'name'), seen.name],
    ['server', seen.serverName],
    [t('keadaan', 'state'), seen.state],
    [t('edisi', 'edition'), seen.edition],
    [t('versi', 'version'), seen.version],
    [t('basis data', 'database'), `${seen.databaseName} @ ${seen.host}:${seen.port}`],
    ['desa', seen.desaCount],
    [t('cadangan disimpan', 'backups kept'), seen.keepBackups],
    [
      t('tabel / view', 'tables / views'),
      seen.fingerprint ? `${seen.fingerprint.tables} / ${seen.fingerprint.views}` : null,
    ],
    [t('dilihat', 'looked at'), at(seen.checkedAt)],
    ...(seen.invariants ?? []).map(
      ({ name, expected, observed }) => [name, expected === observed ? observed : `${observed} ≠ ${expected}`] as const,
    ),
  ]);
