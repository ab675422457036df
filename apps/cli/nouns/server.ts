import type { Command } from 'commander';
import type { Run } from '#libs/contract/contract.js';
import type { Server } from '#libs/contract/servers.js';
import { carry, problemLine } from '../carry.js';
import { EXIT, type Exit } from '../exit-codes.js';
import type { Leaf, Options, Session } from '../session.js';
import { at, card } from '../table.js';
import { listed } from './list.js';

export function addServer(root: Command, leaf: Leaf): void {
  const server = root.command('server').description('central servers');
  leaf(server, 'add', 'register a server: this machine, or one over SSH', add)
    .argument('<name>')
    .requiredOption('--kabupaten <code>', 'kabupaten that it serves')
    .option('--ssh <user@host:port>', 'where its sshd listens; without it, this machine')
    .option('--internal-address <address>', 'where other servers reach it; without it, where its sshd is')
    .option('--http-port <port>', 'port on which visitors reach it')
    .option('--http-address <address>', 'address on which that port is opened')
    .option('--https-port <port>', 'likewise for HTTPS, opened once `server https` has set a way')
    .option('--https-address <address>', 'address on which that port is opened');
  leaf(server, 'list', 'servers and what was last seen of them', list);
  leaf(server, 'show', 'one server: its key, its host key, whether it answers', show).argument('<name>');
  leaf(server, 'check', 'look at a server now; reads the host key of one over SSH', check).argument('<name>');
  leaf(server, 'trust', 'confirm the host key that was read on the server itself', trust)
    .argument('<name>')
    .requiredOption('--fingerprint <SHA256:…>', 'as ssh-keygen -l on the server tells it');
  leaf(server, 'internal-address', 'say where other servers reach it', setInternalAddress)
    .argument('<name>')
    .argument('[address]', 'without it, where its sshd is');
  leaf(server, 'enrol', 'walk down the check-list of a new server', enrol)
    .argument('<name>')
    .option('--install-docker', "install Debian's docker.io where it is missing")
    .option('--password-stdin', 'read the password of the account, used once to put our key there')
    .option('--dry-run', 'show what would be changed')
    .option('--follow', 'stay until it is done');
  leaf(server, 'rotate-key', 'change our key on one server, or on all', rotate)
    .argument('[name]')
    .option('--all', 'every server over SSH')
    .option('--follow', 'stay until it is done');
}

const path = (name: string, more = ''): string => `/servers/${encodeURIComponent(name)}${more}`;

async function add(session: Session, options: Options, name: string): Promise<void> {
  const { httpPort, httpAddress, httpsPort, httpsAddress, ssh, internalAddress } = options;
  const kabupaten = String(options['kabupaten']).replaceAll('.', '');
  const made = await session.client.post<Server>('/servers', {
    kabupaten,
    name,
    ...(ssh === undefined ? {} : { ssh }),
    ...(internalAddress === undefined ? {} : { internalAddress }),
    ...(httpPort === undefined ? {} : { httpPort: Number(httpPort) }),
    ...(httpAddress === undefined ? {} : { httpAddress }),
    ...(httpsPort === undefined ? {} : { httpsPort: Number(httpsPort) }),
    ...(httpsAddress === undefined ? {} : { httpsAddress }),
  });
  session.print(made, () => lines(session, made));
}

const list = (session: Session): Promise<void> =>
  listed<Server>(session, '/servers', {}, [
    [session.t('nama', 'name'), ({ name }) => name],
    [session.t('alamat', 'address'), ({ address }) => address],
    ['http', ({ httpPort }) => httpPort],
    ['https', ({ https }) => https],
    [session.t('jalur', 'way'), (server) => way(session, server)],
    [session.t('dilihat', 'looked at'), ({ checkedAt }) => at(checkedAt)],
    [session.t('masalah', 'problem'), ({ problem }) => problem],
  ]);

async function show(session: Session, _: Options, name: string): Promise<void> {
  const seen = await session.client.get<Server>(path(name));
  session.print(seen, () => lines(session, seen));
}

async function check(session: Session, _: Options, name: string): Promise<Exit> {
  const seen = await session.client.post<Server>(path(name, '/check'));
  session.print(seen, () => lines(session, seen));
  return seen.problem ? EXIT.unavailable : EXIT.done;
}

async function trust(session: Session, options: Options, name: string): Promise<void> {
  const trusted = await session.client.post<Server>(path(name, '/trust'), { fingerprint: options['fingerprint'] });
  session.print(trusted, () => lines(session, trusted));
}

async function setInternalAddress(session: Session, _: Options, name: string, address?: string): Promise<void> {
  const seen = await session.client.put<Server>(path(name, '/internal-address'), { address: address ?? null });
  session.print(seen, () => lines(session, seen));
}

async function enrol(session: Session, options: Options, name: string): Promise<Exit> {
  const password = options['passwordStdin'] === true ? await passwordOf(session) : undefined;
  const run = await session.client.post<Run>(path(name, '/enrol'), {
    installDocker: options['installDocker'] === true,
    dryRun: options['dryRun'] === true,
    ...(password === undefined ? {} : { password }),
  });
  return carry(session, run, options);
}

/** A password in argv would stand in the list of processes. */
async function passwordOf({ terminal, t }: Session): Promise<string> {
  if (terminal.isInteractive) return terminal.ask(t('Kata sandi akun SSH: ', 'Password of the SSH account: '), true);
  return (await terminal.input()).replace(/\r?\n$/, '');
}

/** One after the other; the first that fails stops it, so that never more than one door is in doubt. */
async function rotate(session: Session, options: Options, name?: string): Promise<Exit> {
  const names = options['all'] === true ? await overSsh(session) : name === undefined ? [] : [name];
  if (names.length === 0) {
    session.terminal.error(session.t('Sebut nama server, atau --all.', 'Name a server, or --all.'));
    return EXIT.usage;
  }
  for (const one of names) {
    const run = await session.client.post<Run>(path(one, '/rotate-key'));
    const exit = await carry(session, run, { ...options, ...(options['all'] === true ? { follow: true } : {}) });
    if (exit !== EXIT.done) return exit;
  }
  return EXIT.done;
}

async function overSsh({ client }: Session): Promise<string[]> {
  const { items } = await client.get<{ items: Server[] }>('/servers');
  return items.filter(({ ssh }) => ssh?.enrolledAt).map(({ name }) => name);
}

function way({ t }: Session, { ssh, circuit }: Server): string {
  if (circuit.state !== 'closed') return t(`terputus sejak ${at(circuit.since)}`, `away since ${at(circuit.since)}`);
  if (ssh && !ssh.hostKey) return t('kunci belum dikonfirmasi', 'host key not confirmed');
  if (ssh && !ssh.enrolledAt) return t('belum lulus pemeriksaan', 'not enrolled');
  return t('tersambung', 'open');
}

const lines = (session: Session, server: Server): string[] => [
  ...card([
    [session.t('nama', 'name'), server.name],
    [session.t('alamat', 'address'), server.address],
    ['http', server.httpPort],
    ['https', server.https === 'off' ? 'off' : `${server.https} ${server.httpsPort}`],
    [session.t('alamat dalam', 'internal address'), server.internalAddress],
    [session.t('jalur', 'way'), way(session, server)],
    [session.t('dilihat', 'looked at'), at(server.checkedAt)],
    [session.t('masalah', 'problem'), server.problem],
    ...Object.entries(server.facts ?? {}).map(
      ([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : String(value)] as const,
    ),
  ]),
  ...sshLines(session, server),
];

function sshLines({ t }: Session, { ssh, circuit }: Server): string[] {
  if (!ssh) return [];
  const shown = ssh.hostKeyShown ?? '-';
  return [
    ...card([
      [t('sidik jari yang ditunjukkan', 'fingerprint shown'), shown],
      [t('sidik jari yang dikonfirmasi', 'fingerprint confirmed'), ssh.hostKey ?? t('belum ada', 'none')],
    ]),
    ...(circuit.problem ? [problemLine(circuit.problem)] : []),
    ...(ssh.publicLine
      ? [
          t(
            'Tempel baris ini ke ~/.ssh/authorized_keys akun itu:',
            'Paste this line into ~/.ssh/authorized_keys there:',
          ),
          ssh.publicLine,
        ]
      : []),
  ];
}
