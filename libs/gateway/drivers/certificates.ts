import { X509Certificate } from 'node:crypto';
import { connect, type DetailedPeerCertificate } from 'node:tls';
import type { Duplex } from 'node:stream';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { Unavailable } from '#libs/core/errors.js';
import type { Docker } from '#libs/servers/docker.js';
import { namesOf } from '../certificate.js';
import type { CertificateSeen, Refusal } from '../certificate-state.js';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;
const LINES_READ = 1000;
const HANDSHAKE_SECONDS = 10;

/** The first certificate of every file in a folder of the proxy: its keys are not touched. */
export async function certificatesIn(docker: Docker, container: string, folder: string): Promise<CertificateSeen[]> {
  const argv = ['find', folder, '-name', '*.crt', '-exec', 'sed', '-s', '-n', '1,/-----END/p', '{}', '+'];
  const stdout = new PassThrough();
  const read = text(stdout);
  // No folder yet: none was had.
  await docker.pipe(container, argv, { stdout });
  return ((await read).match(CERTIFICATE) ?? []).map((pem) => seenIn(new X509Certificate(pem)));
}

export const seenIn = (certificate: X509Certificate): CertificateSeen => ({
  names: namesOf(certificate),
  from: new Date(certificate.validFrom),
  until: new Date(certificate.validTo),
});

/** What the proxy's log says of certificates that it could not have. */
export async function refusalsOf(docker: Docker, container: string): Promise<Refusal[]> {
  return (await docker.logs(container, LINES_READ)).split('\n').flatMap((line) => refusalIn(line) ?? []);
}

const TOLD = ['validating authorization', 'could not get certificate from issuer'];
/** An order that a change of a route broke off is asked for anew at once; and what no solver is left for was told before. */
const NO_REASON = /context canceled|no solvers available/;

export function refusalIn(line: string): Refusal | undefined {
  const at = line.indexOf('{');
  if (at < 0 || !TOLD.some((words) => line.includes(words)) || NO_REASON.test(line)) return undefined;
  try {
    const { identifier, error } = JSON.parse(line.slice(at)) as { identifier?: string; error?: unknown };
    if (!identifier || error === undefined) return undefined;
    return { domain: identifier, reason: (typeof error === 'string' ? error : JSON.stringify(error)).slice(0, 300) };
  } catch {
    return undefined;
  }
}

/** The fingerprints that a visitor of this name is shown, their own first; [] when the door stays shut. */
export async function servedTo(docker: Docker, container: string, name: string, port: number): Promise<string[]> {
  const stream = await docker.dial(container, ['socat', '-', `TCP:127.0.0.1:${port}`]);
  try {
    return await handshake(stream, name);
  } finally {
    stream.destroy();
  }
}

const handshake = (socket: Duplex, servername: string): Promise<string[]> =>
  new Promise((resolve, reject) => {
    const late = (): void => reject(new Unavailable('gateway-tls-silent', { domain: servername }));
    const timer = setTimeout(late, HANDSHAKE_SECONDS * 1000);
    // Whom the certificate is from is not judged here: a private authority is nobody's business but the kabupaten's.
    const tls = connect({ socket, servername, rejectUnauthorized: false }, () => {
      const chain: string[] = [];
      let one: DetailedPeerCertificate | undefined = tls.getPeerCertificate(true);
      while (one?.fingerprint256 && !chain.includes(one.fingerprint256)) {
        chain.push(one.fingerprint256);
        one = one.issuerCertificate;
      }
      clearTimeout(timer);
      tls.destroy();
      resolve(chain);
    });
    tls.on('error', () => {
      clearTimeout(timer);
      resolve([]);
    });
  });
