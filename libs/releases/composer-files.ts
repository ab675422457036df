import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidInput } from '#libs/core/errors.js';

export interface ComposerPackage {
  name: string;
  version: string;
  /** Name -> constraint; `php` and `ext-…` among them. */
  require: Record<string, string>;
}

/** What a tree says of its packages: in `vendor` it brings them, in a lock it names them, else only composer.json asks. */
export interface ComposerTree {
  root: Record<string, unknown> & { require: Record<string, string> };
  lock: ComposerPackage[] | undefined;
  installed: ComposerPackage[] | undefined;
}

const INSTALLED = 'vendor/composer/installed.json';

/** Throws `composer-json-missing`, `composer-file-damaged`. */
export async function readComposerTree(tree: string): Promise<ComposerTree> {
  const root = await readJson(tree, 'composer.json');
  if (!root) throw new InvalidInput('composer-json-missing');
  const lock = await readJson(tree, 'composer.lock');
  const installed = await readJson(tree, INSTALLED);
  return {
    root: { ...root, require: wordsOf(root['require']) },
    lock: lock && packagesIn(lock, 'composer.lock'),
    installed: installed && packagesIn(installed, INSTALLED),
  };
}

/** The packages of a lock, without those of its makers. */
export const parseLock = (text: string, file = 'composer.lock'): ComposerPackage[] =>
  packagesIn(parsed(text, file), file);

async function readJson(tree: string, file: string): Promise<Record<string, unknown> | undefined> {
  const text = await readFile(join(tree, file), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return text === undefined ? undefined : parsed(text, file);
}

function parsed(text: string, file: string): Record<string, unknown> {
  try {
    const read: unknown = JSON.parse(text);
    if (read && typeof read === 'object' && !Array.isArray(read)) return read as Record<string, unknown>;
  } catch (error) {
    throw damaged(file, (error as Error).message);
  }
  throw damaged(file, 'no object');
}

const damaged = (file: string, reason: string): InvalidInput =>
  new InvalidInput('composer-file-damaged', { file, reason });

function packagesIn(read: Record<string, unknown>, file: string): ComposerPackage[] {
  if (!Array.isArray(read['packages'])) throw damaged(file, 'no packages');
  const ofMakers = new Set(Array.isArray(read['dev-package-names']) ? read['dev-package-names'] : []);
  const listed = (read['packages'] as Record<string, unknown>[]).filter(({ name }) => !ofMakers.has(name));
  return listed.map(({ name, version, require }) => {
    if (typeof name !== 'string' || typeof version !== 'string') throw damaged(file, 'a package without a name');
    return { name: name.toLowerCase(), version, require: wordsOf(require) };
  });
}

/** PHP writes an empty object as `[]`. */
const wordsOf = (value: unknown): Record<string, string> =>
  value && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, string>) : {};

const plain = (version: string): string => version.replace(/^v/, '');

/** What the lock demands and `vendor` has not, or in another version. */
export function differences(
  lock: readonly ComposerPackage[],
  installed: readonly ComposerPackage[],
): { missing: string[]; other: string[] } {
  const here = new Map(installed.map(({ name, version }) => [name, version]));
  const missing = lock.filter(({ name }) => !here.has(name));
  const other = lock.filter(({ name, version }) => here.has(name) && plain(here.get(name)!) !== plain(version));
  return {
    missing: missing.map(({ name, version }) => `${name} ${version}`),
    other: other.map(({ name, version }) => `${name} ${version} (vendor: ${here.get(name)})`),
  };
}
