import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509Certificate,
  X509CertificateGenerator,
  type Extension,
} from '@peculiar/x509';
import { Secret } from '#libs/core/secret.js';

/** A certificate with its private key, both as PEM. */
export interface Signed {
  certificate: string;
  key: Secret;
  endsAt: Date;
}

const DAY = 86_400_000;
/** An authority signs for one gabungan alone; another one is made by closing and opening its ways. */
const AUTHORITY_DAYS = 20 * 365;
export const CERTIFICATE_DAYS = 365;
const SKEW_DAYS = 1;
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const crypto = webcrypto as never;

const pairOf = (): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);

const pemOf = async ({ privateKey }: webcrypto.CryptoKeyPair): Promise<Secret> =>
  new Secret(`${PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', privateKey), 'PRIVATE KEY')}\n`);

/** From a day ago, as clocks of servers differ. */
const spanOf = (days: number, now: Date): { notBefore: Date; notAfter: Date } => ({
  notBefore: new Date(now.getTime() - SKEW_DAYS * DAY),
  notAfter: new Date(now.getTime() + days * DAY),
});

const serial = (): string => `00${randomBytes(15).toString('hex')}`;

/** Signs itself, and what `signedBy` it. */
export async function newAuthority(name: string, now = new Date()): Promise<Signed> {
  const keys = await pairOf();
  const made = await X509CertificateGenerator.createSelfSigned(
    {
      ...spanOf(AUTHORITY_DAYS, now),
      serialNumber: serial(),
      name: `CN=${name}`,
      keys,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      ],
    },
    crypto,
  );
  return { certificate: `${made.toString('pem')}\n`, key: await pemOf(keys), endsAt: made.notAfter };
}

const USES = { server: ExtendedKeyUsage.serverAuth, client: ExtendedKeyUsage.clientAuth } as const;

/** A certificate of one use: whoever holds that of a client cannot pass for the server. */
export async function signedBy(
  authority: Pick<Signed, 'certificate' | 'key'>,
  { name, use }: { name: string; use: keyof typeof USES },
  now = new Date(),
): Promise<Signed> {
  const keys = await pairOf();
  const signer = new X509Certificate(authority.certificate);
  const extensions: Extension[] = [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension([USES[use]]),
    new SubjectAlternativeNameExtension([{ type: 'dns', value: name }]),
  ];
  const made = await X509CertificateGenerator.create(
    {
      ...spanOf(CERTIFICATE_DAYS, now),
      serialNumber: serial(),
      subject: `CN=${name}`,
      issuer: signer.subject,
      publicKey: keys.publicKey,
      signingKey: await signingKeyOf(authority.key),
      signingAlgorithm: ALGORITHM,
      extensions,
    },
    crypto,
  );
  return { certificate: `${made.toString('pem')}\n`, key: await pemOf(keys), endsAt: made.notAfter };
}

const signingKeyOf = (key: Secret): Promise<webcrypto.CryptoKey> =>
  webcrypto.subtle.importKey('pkcs8', PemConverter.decodeFirst(key.reveal()), ALGORITHM, false, ['sign']);

/** Less than a third of its time is left. */
export const isDue = (endsAt: Date, now = new Date()): boolean =>
  endsAt.getTime() - now.getTime() < (CERTIFICATE_DAYS * DAY) / 3;
