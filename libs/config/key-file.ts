import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { InvalidInput } from '#libs/core/errors.js';
import type { KeyRing } from '#libs/core/seal.js';

/** Lines `<id>:<base64 of 32 bytes>`; the first one seals, all open. Made with one new key when missing. */
export function keyRingOf(file: string): KeyRing {
  if (!existsSync(file)) create(file);
  if (statSync(file).mode & 0o077) throw new InvalidInput('key-file-open-to-others', { file });
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const ring = new Map(lines.map((line, index) => entry(line.trim(), file, index + 1)));
  if (ring.size === 0) throw new InvalidInput('key-file-empty', { file });
  if (ring.size < lines.length) throw new InvalidInput('key-file-repeats-an-id', { file });
  return ring;
}

function entry(line: string, file: string, number: number): [string, Buffer] {
  const [, id, body] = /^([a-z0-9]+):([A-Za-z0-9+/]+={0,2})$/.exec(line) ?? [];
  const key = Buffer.from(body ?? '', 'base64');
  if (!id || key.length !== 32) throw new InvalidInput('key-file-line-wrong', { file, line: number });
  return [id, key];
}

/** Linked into place when complete: of two processes that start together one wins, and none reads half a key. */
function create(file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const fresh = `${file}.${randomUUID()}`;
  writeFileSync(fresh, `k1:${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });
  try {
    linkSync(fresh, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(fresh);
  }
}
