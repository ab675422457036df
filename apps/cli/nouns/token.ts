import type { Command } from 'commander';
import type { TokenMade, TokenShown } from '#libs/contract/contract.js';
import type { Leaf, Options, Session } from '../session.js';
import { at, card } from '../table.js';
import { listed } from './list.js';

const USER = ['--user <username>', 'of somebody else; for admins'] as const;

export function addToken(root: Command, leaf: Leaf): void {
  const token = root.command('token').description('what programs show instead of a password');
  leaf(token, 'create', 'a token of your own, shown once', create)
    .argument('<name>')
    .option('--days <n>', 'how long it is good, up to 365', '90');
  leaf(token, 'list', 'your tokens, never the token itself', list).option(...USER);
  leaf(token, 'revoke', 'it opens nothing any more', revoke)
    .argument('<id>')
    .option(...USER);
}

const pathOf = ({ user }: Options): string =>
  user === undefined ? '/tokens' : `/users/${encodeURIComponent(String(user))}/tokens`;

async function create(session: Session, options: Options, name: string): Promise<void> {
  const made = await session.client.post<TokenMade>('/tokens', { name, days: Number(options['days']) });
  const { t } = session;
  session.print(made, () => [
    ...card([
      [t('nama', 'name'), made.name],
      ['token', made.token],
      [t('berlaku sampai', 'good until'), at(made.expiresAt)],
    ]),
    t('Ditampilkan sekali ini saja.', 'Shown this once.'),
  ]);
}

const list = (session: Session, options: Options): Promise<void> =>
  listed<TokenShown>(session, pathOf(options), {}, [
    [session.t('nama', 'name'), ({ name }) => name],
    [session.t('dibuat', 'made'), ({ createdAt }) => at(createdAt)],
    [session.t('berlaku sampai', 'good until'), ({ expiresAt }) => at(expiresAt)],
    [session.t('dipakai terakhir', 'last used'), ({ lastUsedAt }) => at(lastUsedAt)],
    ['id', ({ id }) => id],
  ]);

async function revoke(session: Session, options: Options, id: string): Promise<void> {
  await session.client.send('DELETE', `${pathOf(options)}/${encodeURIComponent(id)}`);
  session.print({ id }, () => [session.t('Token dicabut.', 'The token is revoked.')]);
}
