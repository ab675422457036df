import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readConfig, type Config } from '#libs/config/config.js';
import { environmentWith } from '#libs/config/environment.js';
import { refuseStart } from '#libs/config/refuse-start.js';
import { startPostgres, type EmbeddedPostgres } from '#libs/database/embedded.js';
import { supervise } from './child.js';

/** The whole product on one machine: the database when none is given, the api and the worker, kept running. */
const APPS = ['api', 'worker'];
const say = (line: string): void => console.log(`siappakai: ${line}`);

async function main(): Promise<void> {
  const config = readConfig();
  const postgres = config.databaseUrl ? undefined : await ownPostgres(config);
  const url = config.databaseUrl?.reveal() ?? postgres!.url;
  const environment = environmentWith({ DATABASE_URL: url });
  const children = APPS.map((name) => supervise({ name, file: programOf(name), environment }, say));
  const end = once(async (code: number) => {
    for (const child of [...children].reverse()) await child.stop();
    await postgres?.stop();
    process.exit(code);
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void end(0));
  postgres?.onDeath(() => {
    say('PostgreSQL ended by itself; see its log. Everything stops here.');
    void end(1);
  });
  await answers(config);
  say(`console at ${config.publicUrl ?? `http://${config.bind}:${config.port}`}`);
}

const programOf = (name: string): string => {
  const file = fileURLToPath(new URL(`../${name}/main.js`, import.meta.url));
  if (!existsSync(file)) throw new Error(`${file} is missing: run npm run build`);
  return file;
};

async function ownPostgres(config: Config): Promise<EmbeddedPostgres> {
  const postgres = await startPostgres({ folder: join(config.dataFolder, 'postgres') });
  say(`PostgreSQL runs in ${join(config.dataFolder, 'postgres')}`);
  return postgres;
}

async function answers({ bind, port }: Config): Promise<void> {
  const host = bind === '0.0.0.0' || bind === '::' ? '127.0.0.1' : bind;
  const look = (): Promise<boolean> =>
    fetch(`http://${host}:${port}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await look())) await new Promise((resolve) => setTimeout(resolve, 300));
}

function once(act: (code: number) => Promise<void>): (code: number) => Promise<void> {
  let begun: Promise<void> | undefined;
  return (code) => (begun ??= act(code));
}

main().catch(refuseStart);
