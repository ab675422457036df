import { mkdir, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '#libs/core/errors.js';
import type { BuildHook } from '#libs/templates/build.js';
import type { App } from '#libs/templates/manifest.js';
import type { LayerContent } from './layer-tar.js';
import { isInside, isRemoved, missingIn } from './recipe.js';
import { walk } from './tree.js';
import type { Bench } from './workbench.js';

export async function makeLinks({ build }: App, tree: string): Promise<void> {
  for (const [path, to] of Object.entries(build.links)) {
    await rm(join(tree, path), { recursive: true, force: true });
    await mkdir(dirname(join(tree, path)), { recursive: true });
    await symlink(to, join(tree, path));
  }
}

export const madeBy = ({ build }: App): string[] => [...new Set(build.hooks.flatMap(({ makes }) => makes))];

/** The tree as it will stand in the image, without what hooks make: what a release brings of it proves nothing. */
export async function benchContent(app: App, tree: string, without: readonly string[] = []): Promise<LayerContent> {
  const entries = await walk(tree);
  const left = [...madeBy(app), ...without];
  const present = entries.filter(({ path }) => !isRemoved(app, path) && !left.some((one) => isInside(path, one)));
  return { present, missing: missingIn(app, entries).filter(({ path }) => !left.includes(path)) };
}

/** Throws `build-hook-failed` when what it makes is not there, or when it makes nothing and did not end well. */
export async function runHook(bench: Bench, hook: BuildHook, tell: (line: string) => void): Promise<void> {
  const command = hook.run.join(' ');
  tell(command);
  const { code, stdout, stderr } = await bench.run(hook.run, { timeoutSeconds: hook.timeoutSeconds });
  const lines = `${stdout}\n${stderr}`.split('\n').filter((line) => line.trim());
  lines.slice(-20).forEach(tell);
  const there = await Promise.all(hook.makes.map((path) => bench.has(path)));
  const missing = hook.makes.filter((_, at) => !there[at]);
  const isWell = hook.makes.length > 0 ? missing.length === 0 : code === 0;
  if (!isWell)
    throw new AppError('build-hook-failed', {
      command,
      exit: code,
      missing: missing.join(', ') || '–',
      line: lines.at(-1) ?? null,
    });
  if (code !== 0) tell(`ended with ${code}; all that it makes is there`);
}
