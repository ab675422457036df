import { spawn } from 'node:child_process';
import { clearTimeout, setTimeout } from 'node:timers';

const began = Date.now();

/** Progress as sentences, with the seconds since the start. */
export const say = (sentence) =>
  console.log(`[${String(Math.round((Date.now() - began) / 1000)).padStart(4)} s] ${sentence}`);

/** Something a person has to do; one sentence, no stack. */
export class Missing extends Error {}
/** A program of others failed; what it said is the message. */
export class Failed extends Error {}

/** Runs argv and keeps what it says; a tail of it is in the error. `timeoutSeconds` ends it by force. */
export function run(argv, { timeoutSeconds, environment, folder } = {}) {
  const [program, ...rest] = argv;
  return new Promise((done, failed) => {
    const child = spawn(program, rest, {
      env: { ...process.env, ...environment },
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = { out: '', both: '' };
    child.stdout.on('data', (chunk) => ((said.out += chunk), (said.both += chunk)));
    child.stderr.on('data', (chunk) => (said.both += chunk));
    const timer = timeoutSeconds && setTimeout(() => child.kill('SIGKILL'), timeoutSeconds * 1000);
    child.once('error', failed);
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0) return done(said.out.trim());
      failed(
        new Failed(`${argv.slice(0, 3).join(' ')} ended with ${signal ?? `code ${code}`}:\n${said.both.slice(-4000)}`),
      );
    });
  });
}

/** What argv says, or undefined when it fails or does not exist. */
export const ask = (argv, options) => run(argv, options).catch(() => undefined);

/** Runs argv before the person's eyes and answers its exit code; a stop of ours is passed on. */
export function show(argv, { environment, timeoutSeconds } = {}) {
  const [program, ...rest] = argv;
  return new Promise((done) => {
    const child = spawn(program, rest, { env: { ...process.env, ...environment }, stdio: 'inherit' });
    const pass = (signal) => child.kill(signal);
    process.on('SIGTERM', pass).on('SIGINT', pass);
    const timer = timeoutSeconds && setTimeout(() => child.kill('SIGKILL'), timeoutSeconds * 1000);
    const end = (code) => {
      clearTimeout(timer);
      process.off('SIGTERM', pass).off('SIGINT', pass);
      done(code);
    };
    child.once('error', () => end(127));
    child.once('close', (code) => end(code ?? 1));
  });
}

const DEBIAN = { DEBIAN_FRONTEND: 'noninteractive' };
const isRoot = () => process.getuid?.() === 0;

/** Debian packages, when we may install them; the lists are fetched only when the first try does not find them. */
export async function aptInstall(packages, what) {
  const argv = ['apt-get', 'install', '-y', '--no-install-recommends', ...packages];
  if (!isRoot() || !(await ask(['apt-get', '--version']))) {
    throw new Missing(
      `${what} is missing: install it (Debian: apt-get install ${packages.join(' ')}), or run this as root.`,
    );
  }
  say(`${what} is installed from Debian.`);
  try {
    await run(argv, { environment: DEBIAN });
  } catch {
    await run(['apt-get', 'update'], { environment: DEBIAN });
    await run(argv, { environment: DEBIAN });
  }
}
