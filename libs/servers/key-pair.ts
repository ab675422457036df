import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { Secret } from '#libs/core/secret.js';

export interface KeyPair {
  /** OpenSSH's own format, without a passphrase: it is sealed where it lies. */
  privateKey: Secret;
  /** One line of an `authorized_keys` file. */
  publicLine: string;
}

const TYPE = 'ssh-ed25519';

const word = (bytes: Buffer | string): Buffer => {
  const body = Buffer.from(bytes as string);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, body]);
};

const number = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

/** A new ed25519 pair; `comment` tells on the server whose key it is. */
export function newKeyPair(comment: string): KeyPair {
  const pair = generateKeyPairSync('ed25519');
  const { x = '', d = '' } = pair.privateKey.export({ format: 'jwk' });
  const [open, seed] = [Buffer.from(x, 'base64url'), Buffer.from(d, 'base64url')];
  const blob = Buffer.concat([word(TYPE), word(open)]);
  return { privateKey: new Secret(opensshKey({ open, seed, blob, comment })), publicLine: lineOf(blob, comment) };
}

const lineOf = (blob: Buffer, comment: string): string => `${TYPE} ${blob.toString('base64')} ${comment}`;

interface Parts {
  open: Buffer;
  seed: Buffer;
  blob: Buffer;
  comment: string;
}

/** PROTOCOL.key of OpenSSH: the same check number twice, the key, and padding 1, 2, 3 … to a multiple of 8. */
function opensshKey({ open, seed, blob, comment }: Parts): string {
  const check = randomBytes(4);
  const key = Buffer.concat([
    ...[check, check, word(TYPE), word(open)],
    ...[word(Buffer.concat([seed, open])), word(comment)],
  ]);
  const padding = Buffer.from(Array.from({ length: (8 - (key.length % 8)) % 8 }, (_, at) => at + 1));
  const whole = Buffer.concat([
    ...[Buffer.from('openssh-key-v1\0'), word('none'), word('none'), word(''), number(1)],
    ...[word(blob), word(Buffer.concat([key, padding]))],
  ]);
  const lines = whole.toString('base64').match(/.{1,70}/g) ?? [];
  return ['-----BEGIN OPENSSH PRIVATE KEY-----', ...lines, '-----END OPENSSH PRIVATE KEY-----', ''].join('\n');
}

/** As `ssh-keygen -l` writes it: `SHA256:` and the digest of the key, base64 without padding. */
export const fingerprintOf = (key: Buffer): string =>
  `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;

/** Of a line of `authorized_keys` or `*.pub`. */
export const fingerprintOfLine = (line: string): string =>
  fingerprintOf(Buffer.from(line.split(/\s+/)[1] ?? '', 'base64'));
