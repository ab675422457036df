import { createHash } from 'node:crypto';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One digest over names, modes and bytes of all files below these paths; the order of reading does not matter. */
export async function hashOf(paths) {
  const files = (await Promise.all(paths.map(filesBelow))).flat().sort();
  const digest = createHash('sha256');
  for (const file of files) {
    const { mode } = await lstat(file);
    digest.update(`${file}\0${mode & 0o111}\0`).update(
      createHash('sha256')
        .update(await readFile(file))
        .digest(),
    );
  }
  return digest.digest('hex');
}

async function filesBelow(path) {
  const found = await lstat(path).catch(() => undefined);
  if (!found) return [];
  if (!found.isDirectory()) return found.isFile() ? [path] : [];
  const names = (await readdir(path)).filter((name) => name !== 'node_modules');
  return (await Promise.all(names.map((name) => filesBelow(join(path, name))))).flat();
}
