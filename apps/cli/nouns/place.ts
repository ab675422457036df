import type { Command } from 'commander';
import type { MovesAway } from '#libs/contract/moves.js';
import type { Lack, Place } from '#libs/contract/places.js';
import type { Leaf, Options, Session } from '../session.js';
import { EXIT, type Exit } from '../exit-codes.js';
import { dotted, table } from '../table.js';
import { listed } from './list.js';
import { nounOf } from './noun.js';

/** Where desa may be placed. */
export function addPlaces(root: Command, leaf: Leaf): void {
  const server = nounOf(root, 'server');
  leaf(server, 'places', 'servers as places for one more desa, best first', places)
    .requiredOption('--kabupaten <code>')
    .option('--label <labels>', 'labels, separated by commas, that it must bear');
  leaf(server, 'drain', 'place nobody there any more; who lives there stays until moved', drain)
    .argument('<name>')
    .requiredOption('--reason <text>')
    .option('--move', 'move every desa that lives there to the other servers, if all of them fit')
    .option('--dry-run', 'with --move: show where they would go, change nothing');
  leaf(server, 'undrain', 'place desa there again', undrain).argument('<name>');
  leaf(server, 'label', 'all labels of a server; without any it has none', label)
    .argument('<name>')
    .option('--labels <labels>', 'separated by commas', '');
  leaf(server, 'limit', 'how many runs may be at work on a server at once, over all workers', limit)
    .argument('<name>')
    .requiredOption('--at-once <count>', 'from 1 to 64', Number);
}

const at = (name: string): string => `/servers/${encodeURIComponent(name)}`;

async function drain(session: Session, options: Options, name: string): Promise<Exit | void> {
  const [isMoving, dryRun] = [options['move'] === true, options['dryRun'] === true];
  // Whether all of them fit is asked before anything is changed.
  const plan = isMoving ? await session.client.post<MovesAway>(`${at(name)}/moves`, { dryRun: true }) : undefined;
  if (dryRun) return plan && tellMoves(session, plan);
  await session.client.post(`${at(name)}/drain`, { reason: options['reason'] });
  if (plan) return tellMoves(session, await session.client.post<MovesAway>(`${at(name)}/moves`, { dryRun: false }));
  session.print({ name }, () => [session.t('Tidak ada desa baru di sana.', 'No new desa goes there.')]);
}

function tellMoves(session: Session, answer: MovesAway): Exit {
  const { t } = session;
  const left = answer.left.map(({ code, name, problem }) => `${dotted(code)} ${name}: ${problem.title}`);
  const rows = table(answer.moves, [
    [t('kode', 'code'), ({ code }) => dotted(code)],
    [t('nama', 'name'), ({ name }) => name],
    ['app', ({ app }) => app],
    [t('ke server', 'to server'), ({ to }) => to],
    [t('pekerjaan', 'run'), ({ runId }) => runId],
  ]);
  session.print(answer, () => [...rows, ...left]);
  return left.length > 0 ? EXIT.partly : EXIT.done;
}

async function undrain(session: Session, _: Options, name: string): Promise<void> {
  await session.client.send('DELETE', `${at(name)}/drain`);
  session.print({ name }, () => [session.t('Server menerima desa lagi.', 'The server takes desa again.')]);
}

async function label(session: Session, options: Options, name: string): Promise<void> {
  const labels = String(options['labels']).split(',').filter(Boolean);
  await session.client.send('PUT', `${at(name)}/labels`, { labels });
  session.print({ name, labels }, () => [`${name}: ${labels.join(', ') || '–'}`]);
}

async function limit(session: Session, options: Options, name: string): Promise<void> {
  const { atOnce } = options;
  await session.client.send('PUT', `${at(name)}/limit`, { atOnce });
  session.print({ name, atOnce }, () => [`${name}: ${atOnce}`]);
}

const places = (session: Session, options: Options): Promise<void> =>
  listed<Place>(
    session,
    `/kabupaten/${encodeURIComponent(String(options['kabupaten']).replaceAll('.', ''))}/places`,
    { labels: options['label'] as string | undefined },
    [
      ['server', ({ server }) => server],
      ['label', ({ labels }) => labels.join(' ')],
      ['desa', ({ desaCount }) => desaCount],
      [session.t('sekaligus', 'at once'), ({ atOnce }) => atOnce],
      [session.t('tersisa', 'left'), ({ left }) => (left === null ? '–' : `${Math.round(left * 100)} %`)],
      [session.t('kurang', 'lacks'), ({ lacks }) => lacks.map((lack) => lackWords(session, lack)).join('; ')],
    ],
  );

const mib = (bytes = 0): string => `${Math.floor(bytes / 2 ** 20)} MiB`;

function lackWords({ t }: Session, { of, neededBytes, spareBytes, limit, labels }: Lack): string {
  const short = (what: string): string =>
    t(
      `${what} kurang: perlu ${mib(neededBytes)}, longgar ${mib(spareBytes)}`,
      `too little ${what}: needs ${mib(neededBytes)}, ${mib(spareBytes)} to spare`,
    );
  const words: Record<Lack['of'], string> = {
    memory: short(t('memori', 'memory')),
    disk: short('disk'),
    desa: t(`sudah ${limit} desa`, `${limit} desa already`),
    label: t(`tanpa label ${labels?.join(', ')}`, `without label ${labels?.join(', ')}`),
    draining: t('sedang dikosongkan', 'being drained'),
    away: t('tidak menjawab', 'does not answer'),
    way: t('tanpa jalur ke gabungan', 'no way to the gabungan'),
  };
  return words[of];
}
