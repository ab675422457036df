import { spawn, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '#libs/core/retry.js';
import { Client } from './client.js';

export interface ControlPlane {
  client: Client;
  url: string;
  adminPassword: string;
  /** Ends it as Ctrl-C would. */
  stop(): Promise<void>;
  process: ChildProcess;
}

/** Starts the built product as `npm run up` does, with a data folder and port of its own, and signs in. */
export async function startControlPlane(
  folder: string,
  port: number,
  env: Record<string, string> = {},
): Promise<ControlPlane> {
  const child = spawn(process.execPath, ['--enable-source-maps', 'dist/apps/standalone/main.js'], {
    env: { ...process.env, DATA_FOLDER: folder, PORT: String(port), BIND: '127.0.0.1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const tail: string[] = [];
  const keep = (part: Buffer): void =>
    void (tail.push(part.toString('utf8')), tail.splice(0, Math.max(0, tail.length - 200)));
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const url = `http://127.0.0.1:${port}`;
  const adminPassword = await until(() => readyPassword(url, folder, child, tail), {
    timeoutSeconds: 120,
    late: () => new Error(`control plane does not answer:\n${tail.join('')}`),
  });
  const client = new Client(url);
  await client.login('admin', adminPassword);
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      if (child.exitCode !== null || child.signalCode) return resolve();
      child.once('exit', () => resolve());
      child.kill('SIGTERM');
    });
  return { client, url, adminPassword, stop, process: child };
}

async function readyPassword(
  url: string,
  folder: string,
  child: ChildProcess,
  tail: string[],
): Promise<string | undefined> {
  if (child.exitCode !== null) throw new Error(`control plane ended:\n${tail.join('')}`);
  const isUp = await fetch(`${url}/healthz`).then(
    (answer) => answer.ok,
    () => false,
  );
  if (!isUp) return undefined;
  return readFile(join(folder, 'first-admin-password'), 'utf8').then(
    (text) => text.trim(),
    () => undefined,
  );
}
