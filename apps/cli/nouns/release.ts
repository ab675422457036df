import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Release, Run } from '#libs/contract/contract.js';
import { carry } from '../carry.js';
import { EXIT, type Exit } from '../exit-codes.js';
import type { Leaf, Options, Session } from '../session.js';
import { at, card } from '../table.js';
import { listed } from './list.js';

export function addRelease(root: Command, leaf: Leaf): void {
  const release = root.command('release').description('releases of the applications');
  leaf(release, 'add', 'register a release from an archive on the dashboard machine, or from GitHub', add)
    .argument('<app>')
    .option('--path <path>', 'archive (tar.gz, zip) or folder')
    .option('--github <tag>', 'a tag, or latest');
  leaf(release, 'build', 'build the image of a release', build)
    .argument('<app>')
    .argument('<version>')
    .option('--follow', 'stay until it is done');
  leaf(release, 'ship', 'bring the image of a release to servers ahead of the work that needs it', ship)
    .argument('<app>')
    .argument('<version>')
    .option('--server <name>', 'one server; without it, every enrolled one over SSH')
    .option('--follow', 'stay until it is there');
  leaf(release, 'withdraw', 'let nobody use a release any more; its rollouts pause', withdraw)
    .argument('<app>')
    .argument('<version>')
    .requiredOption('--reason <text>', 'what is wrong with it');
  leaf(release, 'list', 'releases', list).option('--app <app>').option('--offset <n>');
}

async function add(session: Session, options: Options, app: string): Promise<void> {
  const { path, github } = options;
  const made = await session.client.post<Release>('/releases', {
    app,
    ...(path === undefined ? {} : { path: resolve(String(path)) }),
    ...(github === undefined ? {} : { github }),
  });
  const { t } = session;
  session.print(made, () =>
    card([
      ['app', made.app],
      [t('versi', 'version'), made.version],
      [t('edisi', 'edition'), made.edition],
      ['php', made.php],
      ['sha256', made.sha256],
      [t('keadaan', 'state'), made.state],
    ]),
  );
}

async function build(session: Session, options: Options, app: string, version: string): Promise<Exit> {
  const path = `/releases/${encodeURIComponent(app)}/${encodeURIComponent(version)}/build`;
  return carry(session, await session.client.post<Run>(path), options);
}

/** Each server is a run of its own; followed one after the other, they go on side by side. */
async function ship(session: Session, options: Options, app: string, version: string): Promise<Exit> {
  const path = `/releases/${encodeURIComponent(app)}/${encodeURIComponent(version)}/ship`;
  const { server } = options;
  const { items } = await session.client.post<{ items: Run[] }>(path, server === undefined ? {} : { server });
  let worst: Exit = EXIT.done;
  for (const run of items) {
    const exit = await carry(session, run, options);
    if (exit !== EXIT.done) worst = exit;
  }
  return worst;
}

async function withdraw(session: Session, options: Options, app: string, version: string): Promise<void> {
  const path = `/releases/${encodeURIComponent(app)}/${encodeURIComponent(version)}/withdraw`;
  const release = await session.client.post<Release>(path, { reason: options['reason'] });
  const { app: of, version: which, withdrawal } = release;
  const why = withdrawal ? ` ${withdrawalText(withdrawal)}` : '';
  session.print(release, () => [session.t(`${of} ${which} ditarik.${why}`, `${of} ${which} is withdrawn.${why}`)]);
}

const withdrawalText = (withdrawal: Release['withdrawal']): string | null =>
  withdrawal && `${at(withdrawal.at).slice(0, 10)} ${withdrawal.by}: ${withdrawal.reason}`;

const list = (session: Session, options: Options): Promise<void> =>
  listed<Release>(session, '/releases', { app: options['app'] as string, offset: options['offset'] as string }, [
    ['app', ({ app }) => app],
    [session.t('versi', 'version'), ({ version }) => version],
    [session.t('edisi', 'edition'), ({ edition }) => edition],
    [session.t('keadaan', 'state'), ({ state }) => state],
    ['php', ({ php }) => php],
    [session.t('dipakai', 'used by'), ({ usedBy }) => usedBy],
    [session.t('dibangun', 'built'), ({ builtAt }) => at(builtAt)],
    [session.t('ditarik', 'withdrawn'), ({ withdrawal }) => withdrawalText(withdrawal)],
  ]);
