import { createHash, randomBytes } from 'node:crypto';
import argon2 from 'argon2';
import { Secret } from '#libs/core/secret.js';

/** argon2id with the memory OWASP asks for (19 MiB, two passes): about 30 ms on a small server. */
const COST = { type: argon2.argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

export const hashPassword = (password: Secret): Promise<string> => argon2.hash(password.reveal(), COST);

/** A hash of nobody's password: an unknown name takes as long as a wrong password. */
const NOBODY = argon2.hash(randomBytes(16).toString('hex'), COST);

export async function verifyPassword(hash: string | undefined, password: Secret): Promise<boolean> {
  const matches = await argon2.verify(hash ?? (await NOBODY), password.reveal());
  return hash !== undefined && matches;
}

/** What a browser or a program shows at every request: 32 random bytes. Only its hash is stored. */
export const newToken = (): Secret => new Secret(randomBytes(32).toString('base64url'));
export const hashToken = (token: Secret): string => createHash('sha256').update(token.reveal()).digest('hex');
