import { access, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidInput } from '#libs/core/errors.js';
import type { App } from '#libs/templates/manifest.js';
import { readComposerTree } from './composer-files.js';
import { choosePhp, demandsOf, linesFor } from './php-line.js';
import { formatVersion, parseVersion } from './version.js';

export interface ReleaseIdentity {
  app: string;
  version: string;
  edition: 'umum' | 'premium';
  php: string;
  databaseVersion: string | null;
  minimumVersion: string | null;
}

const has = (tree: string, path: string): Promise<boolean> =>
  access(join(tree, path)).then(
    () => true,
    () => false,
  );

async function isApp(tree: string, app: App): Promise<boolean> {
  const found = await Promise.all(app.identify.map((path) => has(tree, path)));
  return found.every(Boolean);
}

/** Reads what a tree says of itself. Throws `release-wrong-app` naming what was found instead. */
export async function inspect(tree: string, wanted: string, apps: ReadonlyMap<string, App>): Promise<ReleaseIdentity> {
  const app = apps.get(wanted);
  if (!app) throw new InvalidInput('app-unknown', { app: wanted });
  if (!(await isApp(tree, app)))
    throw new InvalidInput('release-wrong-app', { wanted, found: await whatIsIt(tree, apps) });
  return identify(tree, app);
}

async function whatIsIt(tree: string, apps: ReadonlyMap<string, App>): Promise<string> {
  for (const app of apps.values())
    if (await isApp(tree, app))
      return identify(tree, app).then(
        ({ version }) => `${app.title} ${version}`,
        () => app.title,
      );
  const composer = await composerName(tree);
  if (composer) return composer;
  return (await readdir(tree)).sort().slice(0, 5).join(', ') || '–';
}

async function composerName(tree: string): Promise<string | undefined> {
  try {
    return (JSON.parse(await readFile(join(tree, 'composer.json'), 'utf8')) as { name?: string }).name;
  } catch {
    return undefined;
  }
}

type Locator = App['release']['version'];

async function locate(tree: string, locator?: Locator): Promise<string | null> {
  if (!locator) return null;
  const text = await readFile(join(tree, locator.file), 'utf8').catch(() => '');
  return new RegExp(locator.pattern).exec(text)?.[1] ?? null;
}

async function identify(tree: string, app: App): Promise<ReleaseIdentity> {
  const { release } = app;
  const written = await locate(tree, release.version);
  if (!written) throw new InvalidInput('release-version-missing', { app: app.app, file: release.version.file });
  const isPremium = /^(true|1)$/i.test((await locate(tree, release.premium)) ?? '') || /premium/i.test(written);
  const version = formatVersion({ ...parseVersion(written), premium: isPremium });
  const php = await phpOf(tree, app, version);
  const minimum = await locate(tree, release.minimumVersion);
  return {
    app: app.app,
    version,
    edition: isPremium ? 'premium' : 'umum',
    php,
    databaseVersion: await locate(tree, release.databaseVersion),
    minimumVersion: minimum && formatVersion(parseVersion(minimum)),
  };
}

/** Where the packages decide, an impossible pair is refused at the door. */
async function phpOf(tree: string, app: App, version: string): Promise<string> {
  const lines = linesFor(app, version);
  if (app.build.composer === 'none') return lines[0]!;
  return choosePhp(lines, demandsOf(await readComposerTree(tree)));
}
