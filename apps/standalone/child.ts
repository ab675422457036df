import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { systemClock, type Clock } from '#libs/core/clock.js';

export interface Supervised {
  /** Ends the child in good order, by force after 20 seconds; resolves when it is gone. */
  stop(): Promise<void>;
}

export interface Program {
  name: string;
  /** A module run by this Node. */
  file: string;
  environment: NodeJS.ProcessEnv;
}

const LEASH = fileURLToPath(new URL('./leash.js', import.meta.url));
/** The default lets a process that serves a few people keep 50 MB of young garbage. */
const FRUGAL = ['--max-semi-space-size=1'];
const STOP_MILLISECONDS = 20_000;
const STEADY_MILLISECONDS = 60_000;

/** Milliseconds before the next start: doubles with every death that came early, at most half a minute. */
export const pauseAfter = (earlyDeaths: number): number => Math.min(30_000, 1000 * 2 ** Math.max(0, earlyDeaths - 1));

/** Keeps one program running: whoever dies is started again. */
export function supervise(program: Program, say: (line: string) => void, clock: Clock = systemClock): Supervised {
  let child: ChildProcess | undefined;
  let stopping = false;
  const keep = async (): Promise<void> => {
    let early = 0;
    while (!stopping) {
      const began = clock.now().getTime();
      child = start(program);
      const how = await gone(child);
      if (stopping) return;
      early = clock.now().getTime() - began < STEADY_MILLISECONDS ? early + 1 : 1;
      say(`${program.name} ended (${how}); it is started again in ${pauseAfter(early) / 1000} s`);
      await clock.sleep(pauseAfter(early));
    }
  };
  const kept = keep();
  return {
    stop: async () => {
      stopping = true;
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const force = setTimeout(() => child?.kill('SIGKILL'), STOP_MILLISECONDS);
      await kept;
      clearTimeout(force);
    },
  };
}

/** In a process group of its own: Ctrl-C reaches us alone, and we end the children in order. */
const start = ({ file, environment }: Program): ChildProcess =>
  spawn(process.execPath, [...FRUGAL, '--enable-source-maps', '--import', LEASH, file], {
    env: environment,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    detached: true,
  });

const gone = (child: ChildProcess): Promise<string> =>
  new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ?? `code ${code}`));
  });
