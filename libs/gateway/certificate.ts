import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { InvalidInput } from '#libs/core/errors.js';
import { Secret } from '#libs/core/secret.js';
import type { OwnCertificate } from './https.js';

export interface CheckedCertificate extends OwnCertificate {
  issuer: string;
  notAfter: Date;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;
const PRIVATE_KEY = /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----[\s\S]+?-----END (?:[A-Z]+ )?PRIVATE KEY-----/;
const MOST_IN_A_CHAIN = 8;

/**
 * A certificate and its key as an operator gives them, in any order and with anything around: the chain is put in order.
 * Throws `certificate-unreadable`, `certificate-key-unreadable`, `certificate-key-wrong`, `certificate-ended`,
 * `certificate-not-yet`, `certificate-nameless`.
 */
export function checkCertificate(text: string, key: Secret, now = new Date()): CheckedCertificate {
  const given = readCertificates(text);
  const opens = readKey(key);
  const own = given.find((one) => one.checkPrivateKey(opens));
  if (!own) throw new InvalidInput('certificate-key-wrong', { subject: shortName(given[0]!.subject) });
  const names = namesOf(own);
  if (names.length === 0) throw new InvalidInput('certificate-nameless', { subject: shortName(own.subject) });
  const [from, until] = [new Date(own.validFrom), new Date(own.validTo)];
  if (until <= now) throw new InvalidInput('certificate-ended', { names, until: until.toISOString() });
  if (from > now) throw new InvalidInput('certificate-not-yet', { names, from: from.toISOString() });
  return {
    names,
    issuer: shortName(own.issuer),
    fingerprint: own.fingerprint256,
    notAfter: until,
    chain: chainOf(own, given)
      .map((one) => one.toString())
      .join(''),
    key: new Secret(String(opens.export({ type: 'pkcs8', format: 'pem' }))),
  };
}

function readCertificates(text: string): X509Certificate[] {
  const found = text.match(CERTIFICATE) ?? [];
  try {
    if (found.length > 0) return found.map((one) => new X509Certificate(one));
  } catch (error) {
    throw new InvalidInput('certificate-unreadable', { reason: (error as Error).message }, error);
  }
  throw new InvalidInput('certificate-unreadable', { reason: 'no BEGIN CERTIFICATE' });
}

/** What went wrong is not told further: it may quote the key. */
function readKey(key: Secret): KeyObject {
  try {
    return createPrivateKey(PRIVATE_KEY.exec(key.reveal())?.[0] ?? '');
  } catch {
    throw new InvalidInput('certificate-key-unreadable');
  }
}

/** Its own certificate, then who signed it, as far as they were given. A root signs itself and is not sent. */
function chainOf(own: X509Certificate, given: X509Certificate[]): X509Certificate[] {
  const chain = [own];
  while (chain.length < MOST_IN_A_CHAIN) {
    const last = chain.at(-1)!;
    const next = given.find((one) => !chain.includes(one) && last.checkIssued(one) && !one.checkIssued(one));
    if (!next) break;
    chain.push(next);
  }
  return chain;
}

/** Names of hosts in it, small letters; browsers look at nothing else. */
export const namesOf = ({ subjectAltName = '' }: X509Certificate): string[] =>
  subjectAltName
    .split(', ')
    .flatMap((name) => /^DNS:((?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)+)$/i.exec(name)?.[1]?.toLowerCase() ?? []);

/** `CN=Let's Encrypt R3` of a name in many lines, or its last line. */
const shortName = (distinguished: string): string =>
  /^CN=(.+)$/m.exec(distinguished)?.[1] ?? distinguished.split('\n').at(-1) ?? '';
