import { createCipheriv, createDecipheriv, randomBytes, randomInt } from 'node:crypto';
import { Secret } from './secret.js';

/** Key ring: key id -> 32 bytes. The first entry seals, all open. */
export type KeyRing = ReadonlyMap<string, Buffer>;

/** AES-256-GCM. Shape: `v1.<keyId>.<iv>.<tag>.<ciphertext>`, base64url each. */
export function seal(ring: KeyRing, secret: Secret): string {
  const [first] = ring;
  if (!first) throw new Error('key ring is empty');
  const [keyId, key] = first;
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const body = Buffer.concat([cipher.update(secret.reveal(), 'utf8'), cipher.final()]);
  return ['v1', keyId, ...[iv, cipher.getAuthTag(), body].map((part) => part.toString('base64url'))].join('.');
}

/** Throws when the key is unknown or the text was changed. */
export function open(ring: KeyRing, sealed: string): Secret {
  const [version, keyId, iv, tag, body] = sealed.split('.');
  const key = ring.get(keyId ?? '');
  if (version !== 'v1' || !key || !iv || !tag || body === undefined)
    throw new Error(`sealed value with unknown key ${keyId}`);
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64url'));
  decipher.setAuthTag(Buffer.from(tag, 'base64url'));
  return new Secret(
    Buffer.concat([decipher.update(Buffer.from(body, 'base64url')), decipher.final()]).toString('utf8'),
  );
}

const LETTERS_AND_DIGITS = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789';

/** Letters and digits only: survives PHP, env, SQL and URL quoting alike (facts/opensid 1.7: shorter than 60). */
export const randomPassword = (length = 40): Secret =>
  new Secret(Array.from({ length }, () => LETTERS_AND_DIGITS[randomInt(LETTERS_AND_DIGITS.length)]).join(''));

/** 8-20 characters with lower, upper, digit and symbol: the rule of OpenSID's own form (facts/opensid 1.8). */
export const randomAdminPassword = (): Secret => new Secret(`${randomPassword(14).reveal()}a7#K`);
