/** `node docker/setup.mjs <mode> [...args]`: sets up what the mode needs, as far as it is not there yet, then runs it. */
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { check, CHECKS, everything, only, suite } from './setup/checks.mjs';
import { nodeDependencies } from './setup/dependencies.mjs';
import { dockerEngine } from './setup/engine.mjs';
import { baseImage, ownImages, phpLine, testServerImage } from './setup/images.mjs';
import { aptInstall, ask, Failed, Missing, say, show } from './setup/process.mjs';
import { product } from './setup/product.mjs';
import { production } from './setup/production.mjs';

async function machine() {
  await dockerEngine();
  await baseImage();
  await ownImages();
}

async function testPrograms() {
  if (!(await ask(['redis-server', '--version']))) await aptInstall(['redis-server'], 'Redis');
  if (!(await ask(['chromium', '--version']))) await aptInstall(['chromium'], 'Chromium');
  await testServerImage();
}

async function phpLines(lines) {
  for (const line of lines) await phpLine(line);
  return 0;
}

const program = (file) => async (args) => {
  if (!existsSync(file)) throw new Missing(`${file} is not there.`);
  return show([process.execPath, '--enable-source-maps', file, ...args]);
};

const checks =
  (names, suites = []) =>
  async () => {
    const results = [];
    for (const name of names) results.push(await check(name));
    for (const name of suites) results.push(await suite(name));
    return results.some(({ failed }) => failed) ? 1 : 0;
  };

/** The worker killed far more often than in `npm test`, and the Docker Engine restarted while desa are moved. */
const chaos = () => {
  process.env.CHAOS_POINTS ??= '500';
  return only(['e2e', 'chaos'], 'chaos');
};

async function composeProgram() {
  if (await ask(['docker', 'compose', 'version'])) return;
  if (!(await ask(['docker-compose', '--version']))) await aptInstall(['docker-compose'], 'Docker Compose');
}

/** The production form as `docker/compose.yml` has it, with three workers. */
async function compose() {
  await production();
  return program('dist/test/compose/main.js')([]);
}

/** Ansible does beside us what we are compared with. */
async function bench(args) {
  const parts = args.filter((arg) => arg !== '--check');
  const wantsFleet = parts.length === 0 || parts.includes('--fleet');
  if (wantsFleet && !(await ask(['ansible-playbook', '--version']))) await aptInstall(['ansible'], 'Ansible');
  return program('dist/test/bench/main.js')(args);
}

const MODES = {
  deps: { needs: [], start: async () => 0 },
  build: { needs: [product], start: async () => 0 },
  images: { needs: [machine], start: phpLines },
  'test-server': { needs: [dockerEngine, baseImage, testServerImage], start: async () => 0 },
  check: { needs: [], start: checks(Object.keys(CHECKS), ['unit']) },
  lint: { needs: [], start: checks(['lint', 'import rules']) },
  demo: { needs: [machine, product], start: program('dist/test/demo/main.js') },
  up: { needs: [machine, product], start: program('dist/apps/standalone/main.js') },
  bench: { needs: [machine, product], start: bench },
  'reset-password': { needs: [product], start: program('dist/apps/standalone/reset-password.js') },
  'test:chaos': { needs: [machine, testPrograms, product], start: chaos },
  'test:compose': { needs: [machine, composeProgram, product], start: compose },
  'test:real': { needs: [machine, product], start: program('dist/test/real/main.js') },
  openapi: { needs: [product], start: program('dist/apps/api/write-openapi.js') },
  screenshots: { needs: [testPrograms, product], start: program('dist/test/screenshots/main.js') },
  production: { needs: [dockerEngine, product], start: production },
  test: { needs: [machine, testPrograms], start: everything },
};

async function main([mode, ...args]) {
  const chosen = MODES[mode];
  if (!chosen) throw new Missing(`Say what to run: ${Object.keys(MODES).join(', ')}.`);
  process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
  await nodeDependencies();
  for (const need of chosen.needs) await need();
  return chosen.start(args);
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error) => {
    say(error instanceof Missing || error instanceof Failed ? error.message : error.stack);
    process.exitCode = 1;
  },
);
