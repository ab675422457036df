import { execFile } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { promisify } from 'node:util';
import { until } from '#libs/core/retry.js';

const run = promisify(execFile);
const PROJECT = 'siappakai-uji';

/** `docker compose` where the engine's client has it, else Debian's `docker-compose`. */
async function programOf(): Promise<string[]> {
  const isPlugin = await run('docker', ['compose', 'version']).then(
    () => true,
    () => false,
  );
  return isPlugin ? ['docker', 'compose'] : ['docker-compose'];
}

/** The production form under a project name of its own. */
export interface Stack {
  compose(...argv: string[]): Promise<string>;
  /** Containers of a service, as their full ids. */
  containers(service: string): Promise<string[]>;
  docker(...argv: string[]): Promise<string>;
  /** Until so many containers are healthy, or the time is over. */
  untilHealthy(count: number): Promise<void>;
}

export async function stackOn(port: number): Promise<Stack> {
  const [program = '', ...rest] = await programOf();
  const group = String(statSync('/var/run/docker.sock').gid);
  const PGPASSWORD = readFileSync('data/secrets/database-password', 'utf8').trim();
  const env = { ...process.env, DOCKER_GROUP: group, PORT: String(port), PGPASSWORD };
  const compose = async (...argv: string[]): Promise<string> =>
    (await run(program, [...rest, '-f', 'docker/compose.yml', '-p', PROJECT, ...argv], { env })).stdout.trim();
  const docker = async (...argv: string[]): Promise<string> => (await run('docker', argv, { env })).stdout.trim();
  const ids = (text: string): string[] => text.split('\n').filter(Boolean);
  const healthy = async (): Promise<number> => {
    const ours = ['--filter', `label=com.docker.compose.project=${PROJECT}`, '--filter', 'health=healthy'];
    return ids(await docker('ps', '--quiet', ...ours)).length;
  };
  return {
    compose,
    docker,
    containers: async (service) => ids(await compose('ps', '-q', service)),
    untilHealthy: async (count) => {
      const are = async (): Promise<true | undefined> => (await healthy()) >= count || undefined;
      const late = (): Error => new Error(`not ${count} containers are healthy`);
      await until(are, { timeoutSeconds: 180, everyMilliseconds: 1000, late });
    },
  };
}
