import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidInput } from '#libs/core/errors.js';
import { Secret } from '#libs/core/secret.js';

/**
 * What an operator adds for composer, in `DATA_FOLDER/composer`: `packages/` (git repositories and archives),
 * `repositories.json` (composer's own words) and `auth.json` (composer's own words, for its owner alone).
 */
export interface ComposerAdditions {
  folder: string;
  /** Names inside `packages/`. */
  repositories: string[];
  archives: string[];
  named: Record<string, unknown>[];
  auth: Secret | undefined;
}

/** Where they lie in the container that fetches. */
export const REPOSITORIES = 'repositories';
const ARCHIVE = /\.(zip|tar|tar\.gz|tgz)$/i;

/** Nothing there is fine. Throws `composer-settings-invalid`, `composer-auth-open-to-others`. */
export async function readAdditions(folder: string): Promise<ComposerAdditions> {
  const packages = join(folder, 'packages');
  const entries = await readdir(packages, { withFileTypes: true }).catch(() => []);
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const isGit = await Promise.all(folders.map((name) => isRepository(join(packages, name))));
  const files = entries.filter((entry) => entry.isFile() && ARCHIVE.test(entry.name));
  return {
    folder: packages,
    repositories: folders.filter((_, at) => isGit[at]).sort(),
    archives: files.map(({ name }) => name).sort(),
    named: await readRepositories(join(folder, 'repositories.json')),
    auth: await readAuth(join(folder, 'auth.json')),
  };
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
/** One with a work tree, or a bare one. */
const isRepository = async (path: string): Promise<boolean> =>
  (await isThere(join(path, '.git'))) ||
  ((await isThere(join(path, 'HEAD'))) && (await isThere(join(path, 'objects'))));

const textOf = (file: string): Promise<string | undefined> =>
  readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });

async function readRepositories(file: string): Promise<Record<string, unknown>[]> {
  const text = await textOf(file);
  if (text === undefined) return [];
  const read = parsed(text, file);
  if (!Array.isArray(read) || !read.every((one) => one && typeof one === 'object'))
    throw new InvalidInput('composer-settings-invalid', { file, reason: 'a list of repositories is wanted' });
  return read as Record<string, unknown>[];
}

async function readAuth(file: string): Promise<Secret | undefined> {
  const text = await textOf(file);
  if (text === undefined) return undefined;
  if ((await stat(file)).mode & 0o077) throw new InvalidInput('composer-auth-open-to-others', { file });
  return new Secret(JSON.stringify(parsed(text, file)));
}

/** What the parser says quotes the text, which may be a token: only the place is told. */
function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidInput('composer-settings-invalid', { file, reason: 'no JSON' });
  }
}

/**
 * Composer's own config.json: archives first, then repositories, then what the operator named. `suffix` names the classes
 * of the autoloader, which composer would draw by lot: equal packages would give another layer each time.
 */
export const composerConfig = ({ archives, repositories, named }: ComposerAdditions, suffix: string): string =>
  JSON.stringify({
    config: { 'autoloader-suffix': suffix },
    repositories: [
      ...(archives.length > 0 ? [{ type: 'artifact', url: `/${REPOSITORIES}/archives` }] : []),
      ...repositories.map((name) => ({ type: 'git', url: `/${REPOSITORIES}/git/${name}` })),
      ...named,
    ],
  });

/** Takes every word of the auth file, and passwords inside addresses, out of what is told. */
export function hushing({ auth, named }: ComposerAdditions): (text: string) => string {
  const words = [...(auth ? wordsIn(JSON.parse(auth.reveal())) : []), ...named.flatMap(passwordsIn)];
  const secrets = [...new Set(words)].filter((word) => word.length > 3).sort((a, b) => b.length - a.length);
  return (text) =>
    secrets
      .reduce((told, secret) => told.replaceAll(secret, '[rahasia]'), text)
      .replace(/(\b[a-z]+:\/\/)[^\s/@]+@/gi, '$1[rahasia]@');
}

/** A user's name is no secret, and may be an ordinary word. */
const wordsIn = (value: unknown): string[] => {
  if (typeof value === 'string') return [value];
  const inner = value && typeof value === 'object' ? Object.entries(value) : [];
  return inner.flatMap(([key, one]) => (key === 'username' ? [] : wordsIn(one)));
};

function passwordsIn({ url }: Record<string, unknown>): string[] {
  if (typeof url !== 'string' || !URL.canParse(url)) return [];
  const { username, password } = new URL(url);
  const word = password || username;
  return [word, decodeURIComponent(word)];
}
