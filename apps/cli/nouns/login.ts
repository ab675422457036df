import { hostname } from 'node:os';
import type { Command } from 'commander';
import type { Me, TokenMade } from '#libs/contract/contract.js';
import { Client, ownProblem, Refused } from '../client.js';
import { EXIT, type Exit } from '../exit-codes.js';
import { keepAccess } from '../saved.js';
import type { Leaf, Options, Session } from '../session.js';
import { card } from '../table.js';

const TOKEN_DAYS = 90;

interface FirstEntry {
  password: string;
  headers: Record<string, string>;
}

export function addLogin(root: Command, leaf: Leaf): void {
  leaf(root, 'login', 'sign in and keep a token; the password is asked, or read from standard input', login)
    .argument('[url]', 'address of the dashboard')
    .option('--username <name>', 'user name', 'admin');
  leaf(root, 'me', 'who you are for the dashboard', me);
}

/** The password lives for this one exchange; what is kept is a token that can be taken back. */
async function login(session: Session, options: Options, url?: string): Promise<Exit> {
  const access = { url: (url ?? session.access.url).replace(/\/+$/, ''), token: undefined };
  const client = new Client(access, session.language, session.terminal.fetch);
  const password = await passwordOf(session);
  const signedIn = await client.send<Me>('POST', '/session', { username: options['username'], password });
  const cookie = signedIn.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');
  const headers = { Cookie: cookie, 'X-Siappakai': '1' };
  if (signedIn.body.mustChangePassword) await changePassword(session, client, { password, headers });
  const wish = { name: `siappakai@${hostname()}`, days: TOKEN_DAYS };
  const { token, expiresAt } = (await client.send<TokenMade>('POST', '/tokens', wish, headers)).body;
  const file = await keepAccess(session.terminal, { url: access.url, token });
  await client.send('DELETE', '/session', undefined, headers);
  session.print({ url: access.url, username: signedIn.body.username, expiresAt, file }, () => [
    session.t(
      `Masuk sebagai ${signedIn.body.username}. Token disimpan di ${file}, berlaku sampai ${expiresAt.slice(0, 10)}.`,
      `Signed in as ${signedIn.body.username}. The token is kept in ${file}, good until ${expiresAt.slice(0, 10)}.`,
    ),
  ]);
  return EXIT.done;
}

const passwordOf = async ({ terminal, t }: Session): Promise<string> =>
  terminal.isInteractive
    ? terminal.ask(t('Kata sandi: ', 'Password: '), true)
    : (await terminal.input()).replace(/\r?\n$/, '');

/** Only a person at the terminal can choose one; without, the dashboard's own refusal of the token is told. */
async function changePassword({ terminal, t }: Session, client: Client, { password, headers }: FirstEntry) {
  if (!terminal.isInteractive) return;
  const next = await terminal.ask(t('Kata sandi baru (paling sedikit 12): ', 'New password (12 or more): '), true);
  const again = await terminal.ask(t('Sekali lagi: ', 'Once more: '), true);
  if (next !== again) throw new Refused(ownProblem('password-differs', {}, client.language));
  await client.send('POST', '/me/password', { current: password, next }, headers);
}

async function me(session: Session): Promise<void> {
  const body = await session.client.get<Me>('/me');
  const kabupaten = body.kabupaten.map(({ name }) => name).join(', ');
  session.print(body, () =>
    card([
      ['username', body.username],
      ['role', body.role],
      ['kabupaten', kabupaten],
    ]),
  );
}
