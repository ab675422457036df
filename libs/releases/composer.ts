import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as names from '#libs/catalog/names.js';
import { InvalidInput } from '#libs/core/errors.js';
import type { App } from '#libs/templates/manifest.js';
import { composerTars, fetchPackages, installPackages, makeLock } from './composer-bench.js';
import type { ComposerBench, ComposerPair } from './composer-bench.js';
import { differences, parseLock, readComposerTree } from './composer-files.js';
import type { ComposerPackage, ComposerTree } from './composer-files.js';
import { readAdditions, type ComposerAdditions } from './composer-folder.js';
import { benchContent, madeBy, makeLinks, runHook } from './hooks.js';
import type { Limits } from './landing.js';
import { workTar } from './layer-tar.js';
import { demandsOf, phpMismatch, refusals } from './php-line.js';
import { atBench, BUILDER, takeBack, type BenchDocker, type BenchWish } from './workbench.js';

export interface PrepareWish {
  docker: BenchDocker;
  app: App;
  release: { id: string; php: string };
  tree: string;
  limits: Limits;
  /** `DATA_FOLDER/composer`: what the operator adds. */
  composerFolder: string;
  /** The lock of a release that came without one, kept with it. */
  locks: {
    composerLock(id: string): Promise<string | null>;
    keepComposerLock(id: string, lock: string): Promise<string>;
  };
  tell: (line: string) => void;
}

/** What is done to a tree before it is packed. */
export interface Preparation {
  /** Tells equal results apart from others: the image is found again by it. */
  key: string;
  run(): Promise<void>;
}

/**
 * Refuses what cannot be built, and makes the lock of a release that has none; what it answers does the rest, once.
 * Throws `composer-…`, `build-…`.
 */
export async function prepareRelease(wish: PrepareWish): Promise<Preparation> {
  if (wish.app.build.composer === 'none') return { key: '', run: () => finish(wish) };
  const told = await readComposerTree(wish.tree);
  refusePhp(wish, demandsOf(told));
  if (told.installed) {
    judgeVendor(wish, told);
    return { key: 'vendor', run: () => finish(wish) };
  }
  const additions = await readAdditions(wish.composerFolder);
  const pair = await pairOf(wish, told, additions);
  refusePhp(wish, parseLock(pair.lock));
  return { key: pair.key, run: async () => finish(wish, { pair: await fetched(wish, pair, additions), additions }) };
}

function refusePhp({ release }: PrepareWish, demands: readonly ComposerPackage[]): void {
  if (refusals(demands, release.php).length > 0) throw phpMismatch([release.php], demands);
}

/** An archive that carries its packages is taken at its word, but for what its lock demands and it lacks. */
function judgeVendor({ tell }: PrepareWish, { lock, installed }: ComposerTree): void {
  tell('the archive carries vendor: composer is not run');
  const { missing, other } = differences(lock ?? [], installed ?? []);
  if (missing.length > 0) throw new InvalidInput('composer-vendor-incomplete', { packages: missing });
  for (const one of other) tell(`vendor differs from composer.lock: ${one}`);
}

const keyOf = (lock: string): string => createHash('sha256').update(lock).digest('hex');

type LockedPair = ComposerPair & { lock: string };

/** A lock that is ours knows nothing of what only the makers need, so neither does its composer.json. */
async function pairOf(
  wish: PrepareWish,
  { root, lock }: ComposerTree,
  additions: ComposerAdditions,
): Promise<LockedPair> {
  const textOf = (file: string): Promise<string> => readFile(join(wish.tree, file), 'utf8');
  if (lock) {
    const own = await textOf('composer.lock');
    return { json: await textOf('composer.json'), lock: own, key: keyOf(own) };
  }
  const { 'require-dev': _ofMakers, config, ...rest } = root;
  const json = JSON.stringify({ ...rest, config: { ...(config as object | undefined), lock: true } });
  const kept = await wish.locks.composerLock(wish.release.id);
  const ours = kept ?? (await newLock(wish, json, additions));
  return { json, lock: ours, key: keyOf(ours) };
}

async function newLock(wish: PrepareWish, json: string, additions: ComposerAdditions): Promise<string> {
  wish.tell('no composer.lock: versions are chosen now and kept with the release');
  const made = await fetching(wish, { json, key: 'unlocked' }, additions, makeLock);
  return wish.locks.keepComposerLock(wish.release.id, made);
}

async function fetched(wish: PrepareWish, pair: LockedPair, additions: ComposerAdditions): Promise<LockedPair> {
  wish.tell(`fetching ${parseLock(pair.lock).length} packages`);
  return { ...pair, lock: await fetching(wish, pair, additions, fetchPackages) };
}

/** The one bench with a network; nothing of the release or of its packages runs there. */
async function fetching(
  wish: PrepareWish,
  pair: ComposerPair,
  additions: ComposerAdditions,
  act: (at: ComposerBench) => Promise<string>,
): Promise<string> {
  const bench = { ...(await benchWish(wish, { pair, additions })), hasNetwork: true, cache: 'written' as const };
  return atBench(bench, (at) => act({ bench: at, additions, tell: wish.tell }));
}

interface Composed {
  pair: ComposerPair;
  additions: ComposerAdditions;
}

/** Links, packages, hooks: without network, without token, with a cache that cannot be written. */
async function finish(wish: PrepareWish, composed?: Composed): Promise<void> {
  const { app, tree, limits, tell } = wish;
  await makeLinks(app, tree);
  if (!composed && app.build.hooks.length === 0) return;
  await atBench(await benchWish(wish, composed), async (bench) => {
    if (composed) await installPackages({ bench, additions: composed.additions, tell });
    for (const hook of app.build.hooks) await runHook(bench, hook, tell);
    for (const path of [...(composed ? ['vendor'] : []), ...madeBy(app)]) await takeBack(bench, path, { tree, limits });
  });
}

async function benchWish({ docker, app, release, tree }: PrepareWish, composed?: Composed): Promise<BenchWish> {
  const without = composed ? ['vendor', 'composer.json', 'composer.lock'] : [];
  const own = workTar(tree, await benchContent(app, tree, without), BUILDER);
  return {
    docker,
    releaseId: release.id,
    image: composed ? names.composerImage(release.php) : names.baseImage(release.php),
    hasNetwork: false,
    cache: composed && 'read',
    tars: [own, ...(composed ? await composerTars(composed.pair, composed.additions) : [])],
  };
}
