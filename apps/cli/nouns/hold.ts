import type { Command } from 'commander';
import type { Hold } from '#libs/contract/rollouts.js';
import type { Leaf, Options, Session } from '../session.js';
import { at, card, dotted } from '../table.js';
import { listed } from './list.js';

export function addHold(root: Command, leaf: Leaf): void {
  const hold = root.command('hold').description('desa that are kept out of rollouts');
  leaf(hold, 'add', 'keep a desa out of rollouts', add)
    .argument('<code>')
    .requiredOption('--reason <text>')
    .option('--until <time>', 'ISO time at which it ends by itself');
  leaf(hold, 'remove', 'let a desa take part again', remove).argument('<code-or-id>');
  leaf(hold, 'list', 'desa that are held', list);
}

async function add(session: Session, options: Options, code: string): Promise<void> {
  const until = options['until'] === undefined ? {} : { until: timeOf(String(options['until'])) };
  const body = { desa: code.replaceAll('.', ''), reason: options['reason'], ...until };
  const made = await session.client.post<Hold>('/holds', body);
  const { t } = session;
  session.print(made, () =>
    card([
      [t('kode', 'code'), dotted(made.code)],
      [t('nama', 'name'), made.name],
      [t('alasan', 'reason'), made.reason],
      [t('sampai', 'until'), at(made.until)],
    ]),
  );
}

/** What is no time goes as it is: the dashboard says what is wrong with it. */
function timeOf(text: string): string {
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? text : time.toISOString();
}

/** People know the code of a desa, programs the id of the hold. */
async function remove(session: Session, _: Options, which: string): Promise<void> {
  const bare = which.replaceAll('.', '');
  const id = /^\d{10}$/.test(bare) ? await idOf(session, bare) : which;
  await session.client.send('DELETE', `/holds/${encodeURIComponent(id)}`);
  session.print({ id }, () => [session.t('Desa ikut pembaruan lagi.', 'The desa takes part again.')]);
}

const idOf = async ({ client }: Session, code: string): Promise<string> =>
  (await client.get<{ items: Hold[] }>('/holds')).items.find((hold) => hold.code === code)?.id ?? code;

const list = (session: Session): Promise<void> =>
  listed<Hold>(session, '/holds', {}, [
    [session.t('kode', 'code'), ({ code }) => dotted(code)],
    [session.t('nama', 'name'), ({ name }) => name],
    [session.t('alasan', 'reason'), ({ reason }) => reason],
    [session.t('sampai', 'until'), ({ until }) => at(until)],
    [session.t('oleh', 'by'), ({ askedBy }) => askedBy],
    ['id', ({ id }) => id],
  ]);
