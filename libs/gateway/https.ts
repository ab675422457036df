import { createHash } from 'node:crypto';
import type { Secret } from '#libs/core/secret.js';

/**
 * `off`: HTTP alone; whatever stands in front ends TLS. `acme`: the proxy asks for certificates itself. `own`: those that
 * an operator gave. `internal`: signed by the proxy itself, for closed networks.
 */
export type HttpsWay = 'off' | 'acme' | 'own' | 'internal';

/** As it is recorded: no secret in it. */
export interface HttpsSettings {
  way: HttpsWay;
  /** Whom the authority writes when a certificate is about to end. */
  email?: string;
  /** Of an ACME server that is not Let's Encrypt. */
  directory?: string;
  /** PEM: by what that ACME server itself is known, when no public authority vouches for it. */
  authority?: string;
  /** Addresses (CIDR) of proxies in front: what they say of a visitor is believed, and nobody else. */
  trustedProxies: string[];
  /** Ids of certificates that were given. */
  certificates: string[];
}

export interface OwnCertificate {
  /** SHA-256 of the certificate, `AA:BB:…`. */
  fingerprint: string;
  names: string[];
  /** PEM, its own certificate first. */
  chain: string;
  key: Secret;
}

/** What the proxy of one server is told. */
export interface Https extends Omit<HttpsSettings, 'certificates'> {
  port: number;
  address: string;
  certificates: OwnCertificate[];
  /** What other gateways of ours prove themselves with to this one. */
  forwardKey?: Secret;
}

export const OFF: HttpsSettings = { way: 'off', trustedProxies: [], certificates: [] };
export const NO_HTTPS: Https = { ...OFF, port: 443, address: '0.0.0.0', certificates: [] };

const LETS_ENCRYPT = 'https://acme-v02.api.letsencrypt.org/directory';
export const directoryOf = ({ directory }: Pick<HttpsSettings, 'directory'>): string => directory ?? LETS_ENCRYPT;

/** The proxy asks for certificates itself, for each domain that is routed and for no other. */
export const asksItself = ({ way }: Pick<HttpsSettings, 'way'>): boolean => way === 'acme' || way === 'internal';

/** Raised when the same settings are told in other words: the proxy is then told anew. */
const WORDS = 2;

/** The same whatever order its parts came in, as they do out of PostgreSQL. */
const textOf = (settings: object): string => JSON.stringify(settings, Object.keys(settings).sort());
export const isSame = (one: HttpsSettings, other: HttpsSettings): boolean => textOf(one) === textOf(other);

/** By what is known that the proxy has been told these settings; keys are in it by their certificate alone. */
export function markOf({ certificates, forwardKey, ...https }: Https): string {
  const given = certificates.map(({ fingerprint }) => fingerprint);
  const told = { words: WORDS, ...https, certificates: given, forwardKey: forwardKey?.reveal() };
  return createHash('sha256').update(textOf(told)).digest('hex').slice(0, 32);
}

/** Whether a certificate for `name`, maybe a wildcard, stands for this domain. */
export const covers = (name: string, domain: string): boolean =>
  name === domain || (name.startsWith('*.') && domain.slice(domain.indexOf('.')) === name.slice(1));
