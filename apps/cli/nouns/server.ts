import type { Command } from 'commander';
import type { Server } from '#libs/contract/contract.js';
import { EXIT, type Exit } from '../exit-codes.js';
import type { Leaf, Options, Session } from '../session.js';
import { at, card } from '../table.js';
import { listed } from './list.js';

export function addServer(root: Command, leaf: Leaf): void {
  const server = root.command('server').description('central servers');
  leaf(server, 'add', 'register a server', add)
    .argument('<name>')
    .requiredOption('--kabupaten <code>', 'kabupaten that it serves')
    .option('--http-port <port>', 'port on which visitors reach it')
    .option('--http-address <address>', 'address on which that port is opened');
  leaf(server, 'list', 'servers and what was last seen of them', list);
  leaf(server, 'check', 'look at a server now', check).argument('<name>');
}

async function add(session: Session, options: Options, name: string): Promise<void> {
  const { httpPort, httpAddress } = options;
  const kabupaten = String(options['kabupaten']).replaceAll('.', '');
  const made = await session.client.post<Server>('/servers', {
    kabupaten,
    name,
    ...(httpPort === undefined ? {} : { httpPort: Number(httpPort) }),
    ...(httpAddress === undefined ? {} : { httpAddress }),
  });
  session.print(made, () => lines(session, made));
}

const list = (session: Session): Promise<void> =>
  listed<Server>(session, '/servers', {}, [
    [session.t('nama', 'name'), ({ name }) => name],
    [session.t('alamat', 'address'), ({ address }) => address],
    ['http', ({ httpPort }) => httpPort],
    [session.t('dilihat', 'looked at'), ({ checkedAt }) => at(checkedAt)],
    [session.t('masalah', 'problem'), ({ problem }) => problem],
  ]);

async function check(session: Session, _: Options, name: string): Promise<Exit> {
  const seen = await session.client.post<Server>(`/servers/${encodeURIComponent(name)}/check`);
  session.print(seen, () => lines(session, seen));
  return seen.problem ? EXIT.unavailable : EXIT.done;
}

const lines = ({ t }: Session, server: Server): string[] =>
  card([
    [t('nama', 'name'), server.name],
    [t('alamat', 'address'), server.address],
    ['http', server.httpPort],
    [t('dilihat', 'looked at'), at(server.checkedAt)],
    [t('masalah', 'problem'), server.problem],
    ...Object.entries(server.facts ?? {}).map(
      ([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : String(value)] as const,
    ),
  ]);
