import { createHmac } from 'node:crypto';
import type { KeyRing } from '#libs/core/seal.js';
import { Secret } from '#libs/core/secret.js';

/** With this another gateway of ours proves itself to that of a server. Nothing is stored: the key ring makes it. */
export function forwardKeyOf(ring: KeyRing, serverId: string): Secret {
  const [key] = ring.values();
  if (!key) throw new Error('key ring is empty');
  return new Secret(createHmac('sha256', key).update(`forward ${serverId}`).digest('hex'));
}
