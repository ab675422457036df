import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { NotProved } from '#libs/core/errors.js';
import type { KeyRing } from '#libs/core/seal.js';

/**
 * A file at rest is a row of frames, each sealed by itself (AES-256-GCM), so that nothing is believed before its tag
 * was checked and a file that was cut or reordered is noticed: the frame's number is its nonce, "last" is sealed too.
 * Shape: `SPB1` · length of key id · key id · 8 bytes of nonce · frames of `last` · length · tag · bytes.
 */
const MAGIC = Buffer.from('SPB1');
const FRAME_BYTES = 64 * 1024;
const PREFIX_BYTES = 8;
const HEAD_BYTES = 1 + 4 + 16;

type Bytes = AsyncIterable<Buffer>;
type Turn = (source: Bytes) => AsyncGenerator<Buffer>;
/** Of a few bytes; who knows the file tells it. */
class Damaged extends Error {}
const damaged = (): Damaged => new Damaged('not as it was sealed');

const nonceOf = (prefix: Buffer, frame: number): Buffer => {
  const number = Buffer.alloc(4);
  number.writeUInt32BE(frame);
  return Buffer.concat([prefix, number]);
};

function sealFrame(key: Buffer, nonce: Buffer, body: Buffer, isLast: boolean): Buffer {
  const last = Buffer.from([isLast ? 1 : 0]);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(last);
  const sealed = Buffer.concat([cipher.update(body), cipher.final()]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(sealed.length);
  return Buffer.concat([last, length, cipher.getAuthTag(), sealed]);
}

/** Parts of exactly FRAME_BYTES, then one that may be shorter or empty. */
async function* inFrames(source: Bytes): AsyncGenerator<{ body: Buffer; isLast: boolean }> {
  let held = Buffer.alloc(0);
  for await (const part of source) {
    held = Buffer.concat([held, part]);
    for (; held.length > FRAME_BYTES; held = held.subarray(FRAME_BYTES))
      yield { body: held.subarray(0, FRAME_BYTES), isLast: false };
  }
  yield { body: held, isLast: true };
}

/** For `pipeline`: seals with the first key of the ring. */
export const sealing = (ring: KeyRing): Turn =>
  async function* (source) {
    const [first] = ring;
    if (!first) throw new Error('key ring is empty');
    const [keyId, key] = first;
    const prefix = randomBytes(PREFIX_BYTES);
    const id = Buffer.from(keyId);
    yield Buffer.concat([MAGIC, Buffer.from([id.length]), id, prefix]);
    let number = 0;
    for await (const { body, isLast } of inFrames(source))
      yield sealFrame(key, nonceOf(prefix, number++), body, isLast);
  };

/** Takes exact numbers of bytes from a stream. */
function takingFrom(source: Bytes) {
  const parts = source[Symbol.asyncIterator]();
  let held = Buffer.alloc(0);
  return async (length: number): Promise<Buffer> => {
    while (held.length < length) {
      const { value, done } = await parts.next();
      if (done) throw damaged();
      held = Buffer.concat([held, value]);
    }
    const taken = held.subarray(0, length);
    held = held.subarray(length);
    return taken;
  };
}

function openFrame(key: Buffer, nonce: Buffer, head: Buffer, body: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(head.subarray(0, 1));
  decipher.setAuthTag(head.subarray(5, 21));
  try {
    return Buffer.concat([decipher.update(body), decipher.final()]);
  } catch {
    throw damaged();
  }
}

/** For `pipeline`: gives back what was sealed; throws `backup-damaged` for one changed, missing or added byte. */
export const opening = (ring: KeyRing, file: string): Turn =>
  async function* (source) {
    try {
      yield* opened(ring, source);
    } catch (error) {
      throw error instanceof Damaged ? new NotProved('backup-damaged', { file }, error) : error;
    }
  };

async function* opened(ring: KeyRing, source: Bytes): AsyncGenerator<Buffer> {
  const take = takingFrom(source);
  if (!(await take(MAGIC.length)).equals(MAGIC)) throw damaged();
  const id = (await take((await take(1))[0]!)).toString();
  const key = ring.get(id);
  if (!key) throw new NotProved('backup-key-unknown', { key: id });
  const prefix = await take(PREFIX_BYTES);
  for (let number = 0, isLast = false; !isLast; number += 1) {
    const head = await take(HEAD_BYTES);
    const length = head.readUInt32BE(1);
    if (length > FRAME_BYTES) throw damaged();
    isLast = head[0] === 1;
    yield openFrame(key, nonceOf(prefix, number), head, await take(length));
  }
  const after = await take(1).catch(() => undefined);
  if (after) throw damaged();
}
