import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aptInstall, ask, Missing, run, say } from './process.mjs';
import { hashOf } from './hash.mjs';

const LABEL = 'siappakai.source';
const BASES = { bullseye: 'debian:bullseye-slim', bookworm: 'debian:bookworm-slim', trixie: 'debian:trixie-slim' };
/** Lines of PHP, each the one of a Debian. */
const SUITES = { 7.4: 'bullseye', 8.2: 'bookworm', 8.4: 'trixie' };

const phpImage = (line) => ({
  folder: 'docker/php',
  tag: `siappakai/php:${line}`,
  args: { PHP_VERSION: line, SUITE: SUITES[line] },
});
const composerImage = (line) => ({
  folder: 'docker/composer',
  tag: `siappakai/composer:${line}`,
  args: { PHP_VERSION: line },
  base: `siappakai/php:${line}`,
});

/** The tags stand in libs/catalog/names.ts. */
const OWN = [
  phpImage('8.2'),
  composerImage('8.2'),
  { folder: 'docker/mariadb', tag: 'siappakai/mariadb:10.11', args: {} },
  { folder: 'docker/gateway', tag: 'siappakai/gateway:3', args: {} },
  { folder: 'docker/way', tag: 'siappakai/way:1', args: {} },
  { folder: 'docker/registry', tag: 'siappakai/registry:1', args: {} },
];

/** A central server for tests: what the product runs on, not what it ships. */
const TEST_SERVER = { folder: 'test/fleet/image', tag: 'siappakai/test-server:1', args: {} };

const labelOf = (tag, label) =>
  ask(['docker', 'image', 'inspect', '--format', `{{index .Config.Labels "${label}"}}`, tag]);
const isThere = async (tag) => (await ask(['docker', 'image', 'inspect', '--format', '{{.Id}}', tag])) !== undefined;

/** Pulled when a registry answers soon; else made from Debian's own packages under the same name. */
export async function baseImage(suite = 'bookworm') {
  const tag = BASES[suite];
  if (await isThere(tag)) return say(`${tag} is there.`);
  if ((await ask(['docker', 'pull', tag], { timeoutSeconds: 30 })) !== undefined) return say(`${tag} was pulled.`);
  say(`No registry answers: ${tag} is made from Debian packages.`);
  if (!(await ask(['mmdebstrap', '--version']))) await aptInstall(['mmdebstrap'], 'mmdebstrap');
  const folder = await mkdtemp(join(tmpdir(), 'siappakai-base-'));
  try {
    const tar = join(folder, 'base.tar');
    await run(['mmdebstrap', '--variant=minbase', '--include=ca-certificates', suite, tar]);
    await run(['docker', 'import', '--change', 'CMD ["bash"]', tar, tag]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  say(`${tag} was made.`);
}

/** A folder that did not change since its image was built is not built again. */
export async function ownImages() {
  for (const image of OWN) await build(image);
}

/** A line that is not made for everybody, since few applications want it: `node docker/setup.mjs images 8.4`. */
export async function phpLine(line) {
  if (!SUITES[line]) throw new Missing(`PHP ${line}: say one of ${Object.keys(SUITES).join(', ')}.`);
  await baseImage(SUITES[line]);
  for (const image of [phpImage(line), composerImage(line)]) await build(image);
}

export const testServerImage = () => build(TEST_SERVER);

/** One that stands on another of ours is made anew with it. */
async function build({ folder, tag, args, base }) {
  if (!existsSync(join(folder, 'Dockerfile'))) return say(`${folder} has no Dockerfile: ${tag} is left out.`);
  const source = createHash('sha256')
    .update(await hashOf([folder]))
    .update(JSON.stringify(args))
    .update(base ? await labelOf(base, LABEL) : '')
    .digest('hex');
  const argv = Object.entries(args).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
  await imageOf({ tag, source, argv, folder });
}

/** `source` stands on the image as a label: the same source is not built twice. */
export async function imageOf({ tag, source, argv, folder }) {
  if ((await labelOf(tag, LABEL)) === source) return say(`${tag} is as its sources say.`);
  say(`${tag} is built.`);
  await run(['docker', 'build', '--label', `${LABEL}=${source}`, ...argv, '--tag', tag, folder]);
  say(`${tag} was built.`);
}
