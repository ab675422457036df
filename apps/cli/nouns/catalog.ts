import type { Command } from 'commander';
import type { Kabupaten, Wilayah } from '#libs/contract/contract.js';
import type { Leaf, Options, Session } from '../session.js';
import { card, dotted, table } from '../table.js';
import { listed } from './list.js';

export function addCatalog(root: Command, leaf: Leaf): void {
  const wilayah = root.command('wilayah').description('the register of regions');
  leaf(wilayah, 'search', 'find codes by name or code', search)
    .argument('<words>')
    .option('--level <level>', 'provinsi, kabupaten, kecamatan or desa');
  const kabupaten = root.command('kabupaten').description('kabupaten and kota that are served');
  leaf(kabupaten, 'add', 'register a kabupaten by its code', add).argument('<code>');
  leaf(kabupaten, 'list', 'the kabupaten you may see', list);
}

async function search(session: Session, options: Options, words: string): Promise<void> {
  const found = await session.client.get<Wilayah[]>('/wilayah', {
    q: words,
    level: options['level'] as string | undefined,
  });
  session.print(found, () =>
    table(found, [
      [session.t('kode', 'code'), ({ code }) => dotted(code)],
      [session.t('nama', 'name'), ({ name }) => name],
      [session.t('tingkat', 'level'), ({ level }) => level],
      [session.t('dalam', 'within'), ({ path }) => path],
    ]),
  );
}

async function add(session: Session, _: Options, code: string): Promise<void> {
  const made = await session.client.post<Kabupaten>('/kabupaten', { code: code.replaceAll('.', '') });
  session.print(made, () =>
    card([
      [session.t('kode', 'code'), dotted(made.code)],
      [session.t('nama', 'name'), made.name],
    ]),
  );
}

async function list(session: Session): Promise<void> {
  await listed<Kabupaten>(session, '/kabupaten', {}, [
    [session.t('kode', 'code'), ({ code }) => dotted(code)],
    [session.t('nama', 'name'), ({ name }) => name],
    ['provinsi', ({ provinsiName }) => provinsiName],
    ['desa', ({ desaCount }) => desaCount],
    [session.t('langganan', 'subscription'), ({ subscriptionEndsOn }) => subscriptionEndsOn],
  ]);
}
