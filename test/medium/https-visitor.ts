import { readFileSync } from 'node:fs';
import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { checkCertificate, type CheckedCertificate } from '#libs/gateway/certificate.js';
import { Secret } from '#libs/core/secret.js';

export const certificateFile = (name: string): string =>
  readFileSync(new URL(`../fixtures/certificates/${name}`, import.meta.url), 'utf8');
export const ROOT = certificateFile('root.pem');
export const given = (name: string): CheckedCertificate =>
  checkCertificate(
    certificateFile(`${name}.pem`) + certificateFile('intermediate.pem'),
    new Secret(certificateFile(`${name}.key`)),
  );

export interface Answer {
  status: number;
  body: string;
  headers: Record<string, string | string[] | undefined>;
  /** CN of the certificate that was shown, over HTTPS. */
  shown?: string;
}
interface Asked {
  domain: string;
  path?: string;
  headers?: Record<string, string>;
  /** Whom the visitor trusts. */
  root?: string;
}

/** A visitor on a connection of their own, who checks the chain and the name as a browser does. */
export const visitHttps = (port: number, { domain, path = '/', headers = {}, root = ROOT }: Asked): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const where = { host: '127.0.0.1', port, path, servername: domain, ca: root, agent: false as const };
    const call = requestHttps({ ...where, headers: { host: domain, ...headers }, timeout: 30_000 }, (answer) => {
      const { subject } = (answer.socket as TLSSocket).getPeerCertificate();
      read(answer).then((seen) => resolve({ ...seen, shown: String(subject.CN) }), reject);
    });
    call.on('error', reject).end();
  });

export const visitHttp = (port: number, { domain, path = '/', headers = {} }: Asked): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const where = { host: '127.0.0.1', port, path, agent: false as const };
    const call = requestHttp({ ...where, headers: { host: domain, ...headers } }, (answer) => {
      read(answer).then(resolve, reject);
    });
    call.on('error', reject).end();
  });

async function read(answer: IncomingMessage): Promise<Answer> {
  const parts: Buffer[] = [];
  for await (const part of answer) parts.push(part as Buffer);
  const body = Buffer.concat(parts).toString('utf8');
  return { status: answer.statusCode ?? 0, body, headers: answer.headers };
}
