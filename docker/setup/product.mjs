import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { hashOf } from './hash.mjs';
import { run, say } from './process.mjs';

/** Two halves, built apart: a change of a page does not compile the server. */
const HALVES = [
  {
    name: 'api, worker, command line and tests',
    sources: [
      'apps/api',
      'apps/worker',
      'apps/cli',
      'apps/standalone',
      'libs',
      'migrations',
      'test',
      'tsconfig.json',
      'package-lock.json',
    ],
    stamp: 'dist/.stamp-server',
    argv: ['node_modules/typescript/bin/tsc', '-p', '.'],
    result: 'dist/libs',
  },
  {
    name: 'console',
    sources: ['apps/console', 'libs/contract', 'package-lock.json'],
    stamp: 'dist/.stamp-console',
    argv: ['node_modules/vite/bin/vite.js', 'build', '--config', 'apps/console/vite.config.ts', '--logLevel', 'warn'],
    result: 'dist/console',
  },
];

export async function product() {
  for (const half of HALVES) await build(half);
}

async function build({ name, sources, stamp, argv, result }) {
  const hash = await hashOf(sources);
  const known = await readFile(stamp, 'utf8').catch(() => '');
  if (known === hash && existsSync(result)) return say(`The ${name} are built.`);
  say(`The ${name} are built now.`);
  await run([process.execPath, ...argv]);
  await mkdir('dist', { recursive: true });
  await writeFile(stamp, hash);
}
