import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Terminal } from './terminal.js';

export interface Access {
  url: string;
  token: string | undefined;
}

const DEFAULT_URL = 'http://127.0.0.1:8080';

const fileOf = ({ environment, home }: Terminal): string =>
  join(environment['XDG_CONFIG_HOME'] || join(home, '.config'), 'siappakai', 'access.json');

/** The environment goes before what `siappakai login` kept. */
export async function readAccess(terminal: Terminal): Promise<Access> {
  const kept = await readFile(fileOf(terminal), 'utf8').then(
    (text) => JSON.parse(text) as Partial<Access>,
    () => ({}) as Partial<Access>,
  );
  const url = terminal.environment['SIAPPAKAI_URL'] || kept.url || DEFAULT_URL;
  return { url: url.replace(/\/+$/, ''), token: terminal.environment['SIAPPAKAI_TOKEN'] || kept.token };
}

/** Readable by its owner alone, also when the file was there with another mode. */
export async function keepAccess(terminal: Terminal, access: Access): Promise<string> {
  const file = fileOf(terminal);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await rm(file, { force: true });
  await writeFile(file, `${JSON.stringify(access, undefined, 2)}\n`, { mode: 0o600 });
  await chmod(file, 0o600);
  return file;
}
