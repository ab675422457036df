import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { say, show } from './process.mjs';
import { product } from './product.mjs';

const bin = (path) => [process.execPath, `node_modules/${path}`];
const ESM = { NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning' };

export const CHECKS = {
  format: [...bin('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.'],
  lint: [...bin('eslint/bin/eslint.js'), '.'],
  types: [...bin('typescript/bin/tsc'), '--noEmit', '-p', '.'],
  'console types': [...bin('typescript/bin/tsc'), '--noEmit', '-p', 'apps/console'],
  'import rules': [
    ...bin('dependency-cruiser/bin/dependency-cruise.mjs'),
    '--config',
    '.dependency-cruiser.cjs',
    'apps',
    'libs',
    'test',
  ],
};

/**
 * Those outside the code wait for engines more than they compute: they run together, a few at a time, each file in a
 * world of its own. The console's stand apart: with every container that comes or goes beside it, Chromium gives up what
 * it is loading (ERR_NETWORK_CHANGED). Each suite has a limit and cannot hang CI.
 */
const SUITES = {
  unit: { projects: ['unit'], argv: [], minutes: 5 },
  console: { projects: ['console'], argv: ['--maxWorkers=2', '--testTimeout=300000'], minutes: 25 },
  'medium and e2e': { projects: ['medium', 'e2e'], argv: ['--maxWorkers=2', '--testTimeout=300000'], minutes: 75 },
};

export async function check(name) {
  say(`Check: ${name}.`);
  const code = await show(CHECKS[name]);
  return { name, passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 };
}

/** The suites over the built product tell nothing true when it could not be built. */
async function built() {
  try {
    await product();
    return { name: 'build', passed: 1, failed: 0 };
  } catch (error) {
    say(error.message);
    return { name: 'build', passed: 0, failed: 1 };
  }
}

/** A suite that could not be read counts as failed, like each file that crashed before its tests. */
export async function suite(name) {
  say(`Tests: ${name}.`);
  const folder = await mkdtemp(join(tmpdir(), 'siappakai-tests-'));
  const file = join(folder, 'result.json');
  const { projects, argv, minutes } = SUITES[name];
  const jest = [
    ...bin('jest/bin/jest.js'),
    '--selectProjects',
    ...projects,
    '--passWithNoTests',
    '--forceExit',
    '--json',
    `--outputFile=${file}`,
  ];
  const code = await show([...jest, ...argv], { environment: ESM, timeoutSeconds: minutes * 60 });
  const result = await readFile(file, 'utf8').then(JSON.parse, () => undefined);
  await rm(folder, { recursive: true, force: true });
  return { name, ...counted(result, code) };
}

/** Some files of some suites, one after the other, with their output and without the suites' limits. */
export const only = (names, pattern) =>
  show([...bin('jest/bin/jest.js'), '--selectProjects', ...names, '--forceExit', '-i', '--testPathPatterns', pattern], {
    environment: ESM,
  });

export function counted(result, code) {
  if (!result) return { passed: 0, failed: 1 };
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  return { passed: result.numPassedTests, failed: failed === 0 && code !== 0 ? 1 : failed };
}

/** All checks (building compiles, so types are checked there), then all suites, whatever fails on the way; the summed line stands alone at the end. */
export async function everything() {
  const results = [];
  for (const name of Object.keys(CHECKS).filter((each) => each !== 'types')) results.push(await check(name));
  results.push(await built());
  for (const name of Object.keys(SUITES)) results.push(await suite(name));
  for (const { name, passed, failed } of results) say(`${name}: ${passed} passed, ${failed} failed`);
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
  return sum('failed') === 0 ? 0 : 1;
}
