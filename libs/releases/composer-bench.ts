import type { Readable } from 'node:stream';
import { AppError, InvalidInput, Unavailable } from '#libs/core/errors.js';
import type { ExecResult } from '#libs/servers/docker.js';
import { firstFileOf, tarOf, type Entry } from '#libs/servers/files.js';
import { composerConfig, hushing, REPOSITORIES, type ComposerAdditions } from './composer-folder.js';
import { partsTar } from './folder-tar.js';
import { ROOT } from './recipe.js';
import { BUILDER, type Bench } from './workbench.js';

const composer = (verb: string, ...options: string[]): string[] => [
  ...['composer', verb, '--no-interaction', '--no-ansi', '--no-scripts', '--no-progress', '--no-dev'],
  ...options,
];
const TOOL = ['php', '-d', 'memory_limit=-1', '/usr/local/share/packages.php'];
/** There is no network; composer's own word for that would refuse the operator's git repositories too. */
const CACHE_ONLY = { COMPOSER_CACHE_READ_ONLY: '1' };
/** Composer ends each failure with how it is called. */
const USAGE = /^\s*(update|install) \[--/;
/** Of composer's last words. */
const [TOLD_LINES, TOLD_CHARACTERS] = [40, 600];

/** Composer's two files. */
export interface ComposerPair {
  json: string;
  lock?: string;
  /** The sum of the lock as the release has it, wherever its packages are found. */
  key: string;
}

/** What composer is given beside the tree: its files, the operator's repositories, the settings that name them. */
export async function composerTars(
  { json, lock, key }: ComposerPair,
  additions: ComposerAdditions,
): Promise<(Readable | Buffer)[]> {
  const { folder, archives, repositories } = additions;
  const file = (path: string, content: string): Entry => ({ kind: 'file', path, content, uid: BUILDER, gid: BUILDER });
  const files = [
    file(`${ROOT}/composer.json`, json),
    ...(lock === undefined ? [] : [file(`${ROOT}/composer.lock`, lock)]),
    file('composer/config.json', composerConfig(additions, key.slice(0, 32))),
  ];
  const parts = [
    ...archives.map((name) => ({ folder, name, to: `${REPOSITORIES}/archives/${name}` })),
    ...repositories.map((name) => ({ folder, name, to: `${REPOSITORIES}/git/${name}` })),
  ];
  return [await tarOf(files), partsTar(parts, BUILDER)];
}

/** Composer at a bench: the token is given to the process alone, and to none that runs code of a package. */
export interface ComposerBench {
  bench: Bench;
  additions: ComposerAdditions;
  tell: (line: string) => void;
}

const authOf = ({ auth }: ComposerAdditions): Record<string, string> => (auth ? { COMPOSER_AUTH: auth.reveal() } : {});

function tellAll({ additions, tell }: ComposerBench, text: string): string[] {
  const hush = hushing(additions);
  const lines = text
    .split('\n')
    .map((line) => hush(line.trimEnd()))
    .filter(Boolean);
  lines.slice(-TOLD_LINES).forEach(tell);
  return lines;
}

function composerFailed(at: ComposerBench, { code, stdout, stderr }: ExecResult): AppError {
  const lines = tellAll(at, `${stdout}\n${stderr}`).filter((line) => !USAGE.test(line));
  return new AppError('composer-failed', { exit: code, line: lines.join(' ').slice(-TOLD_CHARACTERS) });
}

/** Chooses versions once; runs no code of a package. Throws `composer-packages-missing`, `composer-failed`. */
export async function makeLock(at: ComposerBench): Promise<string> {
  const { bench, additions } = at;
  const update = composer('update', '--no-install', '--no-plugins');
  const made = await bench.run(update, { env: authOf(additions) });
  if (made.code !== 0) {
    const { missing, silent } = await askTool(at, 'explain');
    if (missing.length > 0) throw packagesMissing(missing, silent);
    throw composerFailed(at, made);
  }
  tellAll(at, made.stderr);
  return lockAt(bench);
}

/** Every package into the cache; gives the lock that says where each was found. Throws `composer-packages-missing`, `composer-extensions-missing`. */
export async function fetchPackages(at: ComposerBench): Promise<string> {
  const { missing, extensions, silent } = await askTool(at, 'fetch');
  if (missing.length > 0) throw packagesMissing(missing, silent);
  if (extensions.length > 0) throw new InvalidInput('composer-extensions-missing', { extensions });
  return lockAt(at.bench);
}

/** From the cache alone. Plugins that the application allows may run: there is no network and no token any more. */
export async function installPackages(at: ComposerBench): Promise<void> {
  const installed = await at.bench.run(composer('install', '--optimize-autoloader'), { env: CACHE_ONLY });
  if (installed.code !== 0) throw composerFailed(at, installed);
  tellAll(at, installed.stderr);
}

const packagesMissing = (packages: string[], silent: string[]): Unavailable =>
  new Unavailable('composer-packages-missing', { packages, silent: silent.join(', ') || '–' });

interface Told {
  missing: string[];
  extensions: string[];
  silent: string[];
}

async function askTool(at: ComposerBench, verb: 'fetch' | 'explain'): Promise<Told> {
  const answer = await at.bench.run([...TOOL, verb], { env: authOf(at.additions) });
  if (answer.code !== 0) throw composerFailed(at, answer);
  tellAll(at, answer.stderr);
  const hush = hushing(at.additions);
  return JSON.parse(hush(answer.stdout.trim().split('\n').at(-1) ?? '')) as Told;
}

async function lockAt(bench: Bench): Promise<string> {
  const tar = await bench.read('composer.lock');
  const lock = tar && (await firstFileOf(tar));
  if (!lock) throw new AppError('composer-failed', { exit: 0, line: 'composer.lock' });
  return lock.toString('utf8');
}
