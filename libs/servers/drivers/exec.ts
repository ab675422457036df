import type Dockerode from 'dockerode';
import { Duplex, PassThrough, Writable, type Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { Unavailable } from '#libs/core/errors.js';
import type { ExecResult } from '../docker.js';

const LIMIT = 1024 * 1024;

interface ExecOptions {
  user?: string;
  env?: Record<string, string>;
  workingDirectory?: string;
  stdin?: Readable;
}

const pairs = (env: Record<string, string> = {}): string[] =>
  Object.entries(env).map(([key, value]) => `${key}=${value}`);

/** Keeps at most LIMIT bytes of what is written to it. */
function memory(): Writable & { text(): string } {
  const parts: Buffer[] = [];
  let size = 0;
  const sink = new Writable({
    write(part: Buffer, _encoding, next) {
      if (size < LIMIT) parts.push(part.subarray(0, LIMIT - size));
      size += part.length;
      next();
    },
  });
  return Object.assign(sink, { text: () => Buffer.concat(parts).toString('utf8') });
}

async function begin(
  engine: Dockerode,
  name: string,
  argv: string[],
  options: ExecOptions,
  stdin: boolean,
): Promise<{ run: Dockerode.Exec; stream: Duplex }> {
  const run = await engine.getContainer(name).exec({
    Cmd: argv,
    User: options.user,
    Env: pairs(options.env),
    WorkingDir: options.workingDirectory,
    AttachStdin: stdin,
    AttachStdout: true,
    AttachStderr: true,
  });
  const stream = await run.start({ hijack: true, stdin });
  return { run, stream };
}

export async function pipe(
  engine: Dockerode,
  name: string,
  argv: string[],
  options: ExecOptions & { stdout?: Writable },
): Promise<{ code: number; stderr: string }> {
  const { run, stream } = await begin(engine, name, argv, options, options.stdin !== undefined);
  const stderr = memory();
  const stdout = options.stdout ?? memory();
  engine.modem.demuxStream(stream, throttled(stdout, stream), stderr);
  // Whoever stops reading lets the process go; waiting for its end would be waiting for ever.
  options.stdout?.once('close', () => stream.destroy());
  options.stdin?.on('error', (error) => stream.destroy(error));
  options.stdin?.pipe(stream);
  await finished(stream, { writable: false });
  if (options.stdout) {
    options.stdout.end();
    await finished(options.stdout);
  }
  return { code: await exitCode(run), stderr: stderr.text() };
}

/** The demultiplexer does not wait for a slow sink: the source is paused instead. */
function throttled(sink: Writable, source: Readable): Writable {
  let isWaiting = false;
  const goOn = (): void => {
    isWaiting = false;
    source.resume();
  };
  return new Writable({
    write(part: Buffer, _encoding, next) {
      if (!sink.write(part) && !isWaiting) {
        isWaiting = true;
        source.pause();
        sink.once('drain', goOn);
      }
      next();
    },
  });
}

export async function exec(engine: Dockerode, name: string, argv: string[], options: ExecOptions): Promise<ExecResult> {
  const { run, stream } = await begin(engine, name, argv, options, options.stdin !== undefined);
  const [stdout, stderr] = [memory(), memory()];
  engine.modem.demuxStream(stream, stdout, stderr);
  options.stdin?.pipe(stream);
  await finished(stream, { writable: false });
  return { code: await exitCode(run), stdout: stdout.text(), stderr: stderr.text() };
}

/** The stream may end a moment before the engine knows the exit code. */
async function exitCode(run: Dockerode.Exec): Promise<number> {
  for (let tries = 0; tries < 50; tries += 1) {
    const { Running, ExitCode } = await run.inspect();
    if (!Running && ExitCode !== null) return ExitCode;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Unavailable('exec-without-end', {});
}

/** stdin and stdout of a process in the container as one stream; its stderr ends the stream with an error. */
export async function dial(engine: Dockerode, name: string, argv: string[]): Promise<Duplex> {
  const { stream } = await begin(engine, name, argv, {}, true);
  const [output, errors] = [new PassThrough(), memory()];
  engine.modem.demuxStream(stream, throttled(output, stream), errors);
  const dialled = Duplex.from({ readable: output, writable: stream });
  stream.on('end', () => {
    if (errors.text()) dialled.destroy(new Unavailable('dial-failed', { reason: errors.text().slice(0, 200) }));
    else output.end();
  });
  stream.on('error', (error) => dialled.destroy(error));
  dialled.on('close', () => stream.destroy());
  // Whoever reads hears it; an http agent that ends an idle stream has nobody listening any more.
  dialled.on('error', () => undefined);
  // Drivers ask sockets for these.
  return Object.assign(dialled, {
    setNoDelay: () => dialled,
    setKeepAlive: () => dialled,
    setTimeout: () => dialled,
    ref: () => dialled,
    unref: () => dialled,
  });
}
