import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { Run } from '#libs/contract/contract.js';
import type { HttpsShown } from '#libs/contract/https.js';
import { carry } from '../carry.js';
import { EXIT, type Exit } from '../exit-codes.js';
import type { Leaf, Options, Session } from '../session.js';
import { at, card, table } from '../table.js';
import { nounOf } from './noun.js';

/** How the gateway of a server serves HTTPS. */
export function addHttps(root: Command, leaf: Leaf): void {
  const server = nounOf(root, 'server');
  const https = leaf(server, 'https', 'how a server serves HTTPS: --acme, --own, --internal or --off', change)
    .argument('<name>')
    .option('--acme <email>', "certificates of Let's Encrypt, asked for by the gateway itself")
    .option('--directory <url>', 'with --acme: another ACME server')
    .option('--ca <file>', 'with --acme: the root certificate (PEM) of that ACME server')
    .option('--own <files...>', 'certificate and key (PEM), pair after pair: all that are to be used')
    .option('--internal', 'certificates that the gateway signs itself: browsers warn of them')
    .option('--off', 'HTTP alone; a proxy in front may end TLS')
    .option('--trust <addresses>', 'proxies in front (CIDR, separated by commas), believed about visitors')
    .option('--dry-run', 'show what would be done')
    .option('--follow', 'stay until it is done');
  leaf(https, 'show', 'its way, its certificates, and how each domain stands', show).argument('<name>');
}

const path = (name: string): string => `/servers/${encodeURIComponent(name)}/https`;
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

async function change(session: Session, options: Options, name: string): Promise<Exit> {
  const ways = (['acme', 'own', 'internal', 'off'] as const).filter((way) => options[way] !== undefined);
  const files = (options['own'] ?? []) as unknown as string[];
  const [way] = ways;
  if (!way || ways.length > 1 || files.length % 2 === 1) {
    const { t, terminal } = session;
    terminal.error(
      ways.length === 1
        ? t('--own meminta pasangan: sertifikat lalu kunci.', '--own wants pairs: certificate, then key.')
        : t('Pilih satu: --acme, --own, --internal atau --off.', 'Choose one: --acme, --own, --internal or --off.'),
    );
    return EXIT.usage;
  }
  const run = await session.client.put<Run>(path(name), {
    ...{ way, email: text(options['acme']), directory: text(options['directory']) },
    authority: options['ca'] === undefined ? undefined : await readFile(String(options['ca']), 'utf8'),
    trustedProxies: String(options['trust'] ?? '')
      .split(',')
      .filter(Boolean),
    ...(files.length > 0 ? { certificates: await pairsOf(files) } : {}),
    dryRun: options['dryRun'] === true,
  });
  return carry(session, run, options);
}

async function pairsOf(files: string[]): Promise<{ certificate: string; key: string }[]> {
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  return texts.flatMap((certificate, at) => (at % 2 === 0 ? { certificate, key: texts[at + 1]! } : []));
}

async function show(session: Session, _: Options, name: string): Promise<void> {
  const seen = await session.client.get<HttpsShown>(path(name));
  session.print(seen, () => lines(session, seen));
}

function lines(session: Session, seen: HttpsShown): string[] {
  const { t } = session;
  return [
    ...card([
      [t('server', 'server'), seen.server],
      ['https', seen.way],
      [t('surel', 'e-mail'), seen.email],
      ['ACME', seen.directory],
      [t('proksi dipercaya', 'trusted proxies'), seen.trustedProxies.join(', ') || null],
      ['port', `${seen.address}:${seen.port}`],
      [t('dilihat', 'looked at'), at(seen.lookedAt)],
    ]),
    ...(seen.way === 'off' ? offWords(session, seen) : []),
    ...seen.certificates.map(({ names, issuer, until }) =>
      t(
        `sertifikat ${names.join(' ')} dari ${issuer}, sampai ${at(until)}`,
        `certificate ${names.join(' ')} of ${issuer}, until ${at(until)}`,
      ),
    ),
    ...domainLines(session, seen),
  ];
}

/** What is missing for HTTPS, while it is off. */
const offWords = ({ t }: Session, { server, trustedProxies }: HttpsShown): string[] =>
  trustedProxies.length > 0
    ? [t('TLS berakhir di proksi di depan server ini.', 'TLS ends at the proxy in front of this server.')]
    : [
        t('Situs di server ini masih HTTP. Pilih satu:', 'Sites of this server are HTTP still. Choose one:'),
        `  server https ${server} --acme petugas@… | --own fullchain.pem kunci.pem | --off --trust 10.0.0.0/8`,
      ];

function domainLines({ t }: Session, { domains }: HttpsShown): string[] {
  if (domains.length === 0) return [];
  const words: Record<HttpsShown['domains'][number]['state'], string> = {
    valid: t('berlaku', 'valid'),
    ending: t('hampir berakhir', 'about to end'),
    ended: t('berakhir', 'ended'),
    asked: t('sedang diminta', 'asked for'),
    failed: t('gagal diminta', 'could not be had'),
    uncovered: t('tidak dimuat sertifikat mana pun', 'covered by no certificate'),
  };
  return table(domains, [
    ['domain', ({ domain }) => domain],
    [t('sertifikat', 'certificate'), ({ state }) => words[state]],
    [t('sampai', 'until'), ({ until }) => at(until)],
    [t('alasan', 'reason'), ({ reason }) => reason],
  ]);
}
