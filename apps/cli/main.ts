#!/usr/bin/env node
import { homedir } from 'node:os';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { siappakai } from './program.js';
import type { Terminal } from './terminal.js';

/** Shows the question; with `hidden` nothing that is typed comes back. */
function ask(question: string, hidden: boolean): Promise<string> {
  let silent = false;
  const output = new Writable({
    write: (chunk, _, done) => {
      if (!silent) process.stderr.write(chunk as Buffer);
      done();
    },
  });
  const lines = createInterface({ input: process.stdin, output, terminal: true });
  return new Promise((resolve) => {
    lines.question(question, (answer) => {
      lines.close();
      if (hidden) process.stderr.write('\n');
      resolve(answer);
    });
    silent = hidden;
  });
}

const terminal: Terminal = {
  environment: process.env,
  home: homedir(),
  out: (line) => process.stdout.write(`${line}\n`),
  error: (line) => process.stderr.write(`${line}\n`),
  fetch,
  isInteractive: process.stdin.isTTY === true,
  ask,
  input: () => text(process.stdin),
};

/** `siappakai … | head` closes our output: no reason for a stack. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

process.exitCode = await siappakai(process.argv.slice(2), terminal);
