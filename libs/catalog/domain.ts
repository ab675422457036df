import { domainToASCII } from 'node:url';
import { InvalidInput } from '#libs/core/errors.js';

const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** `Sukamaju.desa.id` -> `sukamaju.desa.id`. Throws `domain-malformed` for an address, a number or a single word. */
export function parseDomain(text: string): string {
  // The parser of the platform silently cuts a name at a slash or a port.
  const name = /[\s/\\:?#@%]/.test(text.trim()) ? '' : domainToASCII(text.trim().toLowerCase());
  const labels = name.split('.');
  const isHost = labels.length >= 2 && name.length <= 253 && labels.every((label) => LABEL.test(label));
  if (!isHost || /^\d+$/.test(labels.at(-1)!)) throw new InvalidInput('domain-malformed', { domain: text });
  return name;
}
