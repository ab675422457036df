import { Unavailable } from '#libs/core/errors.js';

const BLOCK = 512;
const EXTENDED = 'x';

export interface Retouch {
  ownerOf: (id: number) => number;
  /** An entry that is not admitted is left out; names byte for byte (latin1), no slash at the end. */
  admits: (name: string, kind: 'file' | 'folder' | 'link' | 'other') => boolean;
}

const KINDS: Record<string, 'file' | 'folder' | 'link'> = { '0': 'file', '\0': 'file', '5': 'folder', '2': 'link' };

/** Reads a stream in pieces of the wanted size; throws `copy-cut` when it ends before. */
class Pieces {
  private readonly source: AsyncIterator<Buffer>;
  private rest = Buffer.alloc(0);

  constructor(stream: AsyncIterable<Buffer>) {
    this.source = stream[Symbol.asyncIterator]();
  }

  async take(bytes: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for await (const part of this.pass(bytes)) parts.push(part);
    return Buffer.concat(parts);
  }

  async *pass(bytes: number): AsyncGenerator<Buffer> {
    for (let left = bytes; left > 0;) {
      if (this.rest.length === 0) await this.read();
      const part = this.rest.subarray(0, left);
      this.rest = this.rest.subarray(part.length);
      left -= part.length;
      yield part;
    }
  }

  /** Whoever writes must be able to end. */
  async drain(): Promise<void> {
    while (!(await this.source.next()).done);
  }

  private async read(): Promise<void> {
    const { done, value } = await this.source.next();
    if (done) throw new Unavailable('copy-cut', {});
    this.rest = value as Buffer<ArrayBuffer>;
  }
}

/**
 * A tar on its way to another server: owners are those of the new place, and only what was asked for passes. Bytes of
 * names are not read as text, so that a name in any old encoding arrives as it was.
 */
export async function* retouched(tar: AsyncIterable<Buffer>, { ownerOf, admits }: Retouch): AsyncGenerator<Buffer> {
  const pieces = new Pieces(tar);
  let before: Buffer[] = [];
  let told: Record<string, string> = {};
  for (let head = await pieces.take(BLOCK); head.some((byte) => byte !== 0); head = await pieces.take(BLOCK)) {
    const type = String.fromCharCode(head[156]!);
    const bytes = Number(told.size ?? octal(head, 124, 12));
    const padded = Math.ceil(bytes / BLOCK) * BLOCK;
    if (type === EXTENDED) {
      const body = await pieces.take(padded);
      told = recordsOf(body.subarray(0, bytes));
      before = [head, body];
      continue;
    }
    const isAdmitted = admits((told.path ?? nameIn(head)).replace(/\/$/, ''), KINDS[type] ?? 'other');
    if (isAdmitted) yield* [...before, owned(head, ownerOf)];
    for await (const part of pieces.pass(padded)) if (isAdmitted) yield part;
    [before, told] = [[], {}];
  }
  yield Buffer.alloc(2 * BLOCK);
  await pieces.drain();
}

const text = (block: Buffer, at: number, length: number): string =>
  block
    .subarray(at, at + length)
    .toString('latin1')
    .replace(/\0.*$/s, '');
const octal = (block: Buffer, at: number, length: number): number => parseInt(text(block, at, length).trim() || '0', 8);

function nameIn(head: Buffer): string {
  const prefix = text(head, 345, 155);
  return prefix ? `${prefix}/${text(head, 0, 100)}` : text(head, 0, 100);
}

/** `27 path=some/name\n`, one after the other; the number counts the whole record. */
function recordsOf(body: Buffer): Record<string, string> {
  const records: Record<string, string> = {};
  for (let at = 0; at < body.length;) {
    const space = body.indexOf(' ', at);
    const length = Number(body.toString('latin1', at, space));
    if (!(length > 0)) break;
    const record = body.toString('latin1', space + 1, at + length - 1);
    const equals = record.indexOf('=');
    records[record.slice(0, equals)] = record.slice(equals + 1);
    at += length;
  }
  return records;
}

/** The same header with other owners, and without their names, which mean somebody else there. */
function owned(head: Buffer, ownerOf: (id: number) => number): Buffer {
  const next = Buffer.from(head);
  for (const at of [108, 116])
    next.write(
      `${ownerOf(octal(head, at, 8))
        .toString(8)
        .padStart(7, '0')}\0`,
      at,
      'latin1',
    );
  next.fill(0, 265, 329);
  next.fill(' ', 148, 156);
  const sum = next.reduce((total, byte) => total + byte, 0);
  next.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return next;
}
