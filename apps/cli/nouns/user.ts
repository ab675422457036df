import { Option, type Command } from 'commander';
import type { FirstPassword, User } from '#libs/contract/people.js';
import type { Leaf, Options, Session } from '../session.js';
import { at, card, dotted } from '../table.js';
import { listed } from './list.js';

const role = (): Option =>
  new Option('--role <role>', 'each may do what the ones before it may').choices(['reader', 'operator', 'admin']);
const KABUPATEN = '--kabupaten <codes>';
const SCOPE = 'codes with commas, or all';

export function addUser(root: Command, leaf: Leaf): void {
  const user = root.command('user').description('who may sign in; nobody is deleted, the audit names them');
  leaf(user, 'list', 'the users you may see', list).option('--q <words>', 'part of a name');
  leaf(user, 'add', 'make a user; the first password is shown once', add)
    .argument('<username>')
    .requiredOption('--name <name>')
    .requiredOption(KABUPATEN, SCOPE)
    .addOption(role().default('reader'));
  leaf(user, 'set', 'change what is said and keep the rest', set)
    .argument('<username>')
    .option('--name <name>')
    .option(KABUPATEN, SCOPE)
    .addOption(role());
  leaf(user, 'disable', 'sessions and tokens end at once', actOf('disable')).argument('<username>');
  leaf(user, 'enable', 'may sign in again, with the same password', actOf('enable')).argument('<username>');
  leaf(user, 'reset-password', 'a new first password, shown once', reset).argument('<username>');
}

const pathOf = (username: string, act = ''): string => `/users/${encodeURIComponent(username)}${act && `/${act}`}`;

const codesOf = (text: unknown): string[] =>
  text === 'all'
    ? []
    : String(text)
        .split(',')
        .map((code) => code.replaceAll('.', '').trim())
        .filter(Boolean);

const scopeOf = ({ t }: Session, { kabupaten }: User): string =>
  kabupaten.length === 0 ? t('semua', 'all') : kabupaten.map(({ code }) => dotted(code)).join(', ');

const stateOf = ({ t }: Session, { disabledAt, mustChangePassword }: User): string =>
  disabledAt
    ? t('nonaktif', 'disabled')
    : mustChangePassword
      ? t('belum mengganti kata sandi', 'password to be changed')
      : t('aktif', 'active');

const list = (session: Session, options: Options): Promise<void> =>
  listed<User>(session, '/users', { q: options['q'] as string | undefined, limit: 1000 }, [
    [session.t('pengguna', 'username'), ({ username }) => username],
    [session.t('nama', 'name'), ({ name }) => name],
    [session.t('peran', 'role'), (user) => user.role],
    ['kabupaten', (user) => scopeOf(session, user)],
    [session.t('keadaan', 'state'), (user) => stateOf(session, user)],
    [session.t('masuk terakhir', 'last sign-in'), ({ lastLoginAt }) => at(lastLoginAt)],
  ]);

async function add(session: Session, options: Options, username: string): Promise<void> {
  const kabupaten = codesOf(options['kabupaten']);
  const wish = { username, name: options['name'], role: options['role'], kabupaten };
  tellPassword(session, await session.client.post<FirstPassword>('/users', wish));
}

async function set(session: Session, options: Options, username: string): Promise<void> {
  const kabupaten = options['kabupaten'] === undefined ? undefined : codesOf(options['kabupaten']);
  const change = { name: options['name'], role: options['role'], kabupaten };
  tell(session, await session.client.patch<User>(pathOf(username), change));
}

const actOf =
  (act: 'disable' | 'enable') =>
  async (session: Session, _: Options, username: string): Promise<void> =>
    tell(session, await session.client.post<User>(pathOf(username, act)));

async function reset(session: Session, _: Options, username: string): Promise<void> {
  tellPassword(session, await session.client.post<FirstPassword>(pathOf(username, 'reset-password')));
}

function tellPassword(session: Session, made: FirstPassword): void {
  const { t } = session;
  session.print(made, () => [
    ...card([
      [t('pengguna', 'username'), made.username],
      [t('kata sandi', 'password'), made.password],
    ]),
    t(
      'Ditampilkan sekali ini saja; harus diganti ketika pertama masuk.',
      'Shown this once; it must be changed at the first sign-in.',
    ),
  ]);
}

function tell(session: Session, user: User): void {
  const { t } = session;
  session.print(user, () =>
    card([
      [t('pengguna', 'username'), user.username],
      [t('nama', 'name'), user.name],
      [t('peran', 'role'), user.role],
      ['kabupaten', scopeOf(session, user)],
      [t('keadaan', 'state'), stateOf(session, user)],
    ]),
  );
}
