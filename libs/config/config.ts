import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { InvalidInput } from '#libs/core/errors.js';
import type { KeyRing } from '#libs/core/seal.js';
import { Secret } from '#libs/core/secret.js';
import { keyRingOf } from './key-file.js';

/** Everything the environment decides. Addresses with a password in them are secrets. */
export interface Config {
  databaseUrl: Secret | undefined;
  /** Absent: the bell rings over PostgreSQL. */
  redisUrl: Secret | undefined;
  port: number;
  bind: string;
  dataFolder: string;
  keyRing: KeyRing;
  templatesFolder: string;
  githubApi: string;
  githubToken: Secret | undefined;
  maximumArchiveBytes: number;
  minimumFreeBytes: number;
  /** Runs carried at the same time by one worker. */
  workerConcurrency: number;
  /** A worker that says nothing for so long has lost its runs to the next one. */
  leaseSeconds: number;
  /** The address people type, when it is not `http://<bind>:<port>`. */
  publicUrl: string | undefined;
  /** Touched by a worker each time it has looked for work; its container is healthy while the file is young. */
  aliveFile: string | undefined;
}

/** An empty line in an environment file means the same as no line. */
const filled = <T extends z.ZodType>(inner: T) => z.preprocess((value) => (value === '' ? undefined : value), inner);
const whole = (minimum: number, maximum: number, fallback: number) =>
  filled(z.coerce.number().int().min(minimum).max(maximum).default(fallback));
const address = (...schemes: string[]) =>
  filled(
    z.url({ protocol: new RegExp(`^(${schemes.join('|')})$`), error: `must be a ${schemes[0]}:// address` }).optional(),
  );

const environment = z.object({
  DATABASE_URL: address('postgres', 'postgresql'),
  REDIS_URL: address('redis', 'rediss'),
  PORT: whole(1, 65_535, 8080),
  BIND: filled(z.string().default('127.0.0.1')),
  DATA_FOLDER: filled(z.string().default('./data')),
  KEY_FILE: filled(z.string().optional()),
  TEMPLATES_FOLDER: filled(z.string().default('./templates')),
  GITHUB_API: filled(z.url().default('https://api.github.com')),
  GITHUB_TOKEN: filled(z.string().optional()),
  MAX_ARCHIVE_MIB: whole(1, 1_000_000, 2048),
  MIN_FREE_MIB: whole(0, 1_000_000, 2048),
  WORKER_CONCURRENCY: whole(1, 64, 4),
  LEASE_SECONDS: whole(2, 600, 15),
  PUBLIC_URL: address('https', 'http'),
  ALIVE_FILE: filled(z.string().optional()),
});

/** A secret of a container comes as a file: its environment can be read by whoever may ask the engine. */
function fromFile({ DATABASE_URL_FILE: file }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  if (!file) return {};
  try {
    return { DATABASE_URL: readFileSync(file, 'utf8').trim() };
  } catch {
    throw new InvalidInput('config-invalid', { problems: [`DATABASE_URL_FILE: ${file} cannot be read`] });
  }
}

const MIB = 1024 * 1024;
const secret = (value: string | undefined): Secret | undefined => (value === undefined ? undefined : new Secret(value));

/** The only reader of the environment. Throws one error that names every wrong key, never its value. */
export function readConfig(from: NodeJS.ProcessEnv = process.env): Config {
  const { success, data, error } = environment.safeParse({ ...from, ...fromFile(from) });
  if (!success)
    throw new InvalidInput('config-invalid', {
      problems: error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`),
    });
  const dataFolder = resolve(data.DATA_FOLDER);
  return {
    databaseUrl: secret(data.DATABASE_URL),
    redisUrl: secret(data.REDIS_URL),
    port: data.PORT,
    bind: data.BIND,
    dataFolder,
    keyRing: keyRingOf(data.KEY_FILE ? resolve(data.KEY_FILE) : join(dataFolder, 'key')),
    templatesFolder: resolve(data.TEMPLATES_FOLDER),
    githubApi: data.GITHUB_API.replace(/\/+$/, ''),
    githubToken: secret(data.GITHUB_TOKEN),
    maximumArchiveBytes: data.MAX_ARCHIVE_MIB * MIB,
    minimumFreeBytes: data.MIN_FREE_MIB * MIB,
    workerConcurrency: data.WORKER_CONCURRENCY,
    leaseSeconds: data.LEASE_SECONDS,
    publicUrl: data.PUBLIC_URL,
    aliveFile: data.ALIVE_FILE,
  };
}
