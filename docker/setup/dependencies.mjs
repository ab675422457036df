import { readFile } from 'node:fs/promises';
import { Missing, run, say } from './process.mjs';

const read = async (file) => JSON.parse(await readFile(file, 'utf8')).packages;

/** npm's own list of what it put into node_modules tells whether it is what the lock asks for. */
async function complete() {
  const [wanted, there] = await Promise.all([
    read('package-lock.json'),
    read('node_modules/.package-lock.json').catch(() => ({})),
  ]);
  return Object.entries(wanted).every(
    ([path, { version, optional, link }]) => path === '' || optional || link || there[path]?.version === version,
  );
}

export async function nodeDependencies() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19))
    throw new Missing(`Node ${process.versions.node} is too old: 20.19 or newer is needed.`);
  if (await complete()) return say('Node packages are as package-lock.json says.');
  say('Node packages are installed (npm ci).');
  await run(['npm', 'ci', '--no-audit', '--no-fund']);
  say('Node packages are installed.');
}
