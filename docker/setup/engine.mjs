import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { aptInstall, ask, Missing, say } from './process.mjs';

const PID_FILE = '/var/run/docker.pid';
const LOG = '/var/log/dockerd.log';
const version = () => ask(['docker', 'version', '--format', '{{.Server.Version}}'], { timeoutSeconds: 20 });

/** The engine that answers is used; else, as root on Debian, one is installed and started. */
export async function dockerEngine() {
  const answers = await version();
  if (answers) return say(`Docker Engine ${answers} answers.`);
  if (process.getuid?.() !== 0) {
    throw new Missing(
      'Docker Engine does not answer: start it, let this user reach it (group docker), or run this as root.',
    );
  }
  await client();
  if (!(await version())) await start();
  say(`Docker Engine ${await version()} answers.`);
}

async function client() {
  if ((await ask(['docker', '--version'])) && (await ask(['dockerd', '--version']))) return;
  await aptInstall(['docker.io', 'iptables'], 'Docker Engine');
}

/** A daemon that died leaves its pid file, and the next one refuses to start over it. */
async function clearDead() {
  const pid = (await readFile(PID_FILE, 'utf8').catch(() => '')).trim();
  if (!pid) return;
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  if (!command.includes('dockerd')) await rm(PID_FILE, { force: true });
}

async function start() {
  await clearDead();
  say('Docker Engine is started.');
  if (existsSync('/run/systemd/system')) await ask(['systemctl', 'start', 'docker']);
  if (await version()) return;
  const log = openSync(LOG, 'a');
  spawn('dockerd', [], { detached: true, stdio: ['ignore', log, log] })
    .on('error', () => {})
    .unref();
  closeSync(log);
  for (let second = 0; second < 60; second++) {
    if (await version()) return;
    await new Promise((done) => setTimeout(done, 1000));
  }
  throw new Missing(`Docker Engine did not start within 60 seconds: see ${LOG}.`);
}
