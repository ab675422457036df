import type { ClientChannel } from 'ssh2';
import type { Readable } from 'node:stream';
import type { ExecResult } from '../docker.js';

const LIMIT = 1024 * 1024;

function textOf(stream: Readable): () => string {
  const parts: Buffer[] = [];
  let size = 0;
  stream.on('data', (part: Buffer) => {
    if (size < LIMIT) parts.push(part.subarray(0, LIMIT - size));
    size += part.length;
  });
  return () => Buffer.concat(parts).toString('utf8');
}

/** What a command said and how it ended; one that a signal ended has code 128. */
export function outcomeOf(channel: ClientChannel, stdin: string): Promise<ExecResult> {
  const [stdout, stderr] = [textOf(channel), textOf(channel.stderr)];
  channel.end(stdin);
  return new Promise((resolve, reject) => {
    channel.on('error', reject);
    channel.on('close', (code: number | null) => resolve({ code: code ?? 128, stdout: stdout(), stderr: stderr() }));
  });
}
