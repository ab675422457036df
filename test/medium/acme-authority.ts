import { Readable } from 'node:stream';
import * as names from '#libs/catalog/names.js';
import { ask, dialledAgent } from '#libs/servers/dialled-http.js';
import type { Docker } from '#libs/servers/docker.js';
import { tarOf, type Entry } from '#libs/servers/files.js';
import { certificateFile, ROOT } from './https-visitor.js';

/** An ACME authority of our own beside the gateway (Debian's pebble). It asks a domain at the port of the gateway's container. */
export interface Authority {
  directory: string;
  /** By what its own address is known. PEM. */
  authority: string;
  /** Who signs what it gives. PEM. */
  root(): Promise<string>;
  /** A host that is not the gateway answers under this name. */
  mislead(domain: string): Promise<void>;
  /** No longer. */
  lead(): Promise<void>;
  close(): Promise<void>;
}

const IMAGE = 'siappakai/pebble:test';
const HOST = 'acme.kab.test';
const DOCKERFILE = `FROM ${names.gatewayImage()}
USER root
RUN apt-get update && apt-get install -y --no-install-recommends pebble
ENTRYPOINT ["pebble", "-config", "/config/pebble.json"]
`;
const CONFIG = {
  ...{ listenAddress: '0.0.0.0:14000', managementListenAddress: '0.0.0.0:15000' },
  ...{ certificate: '/config/chain.pem', privateKey: '/config/key.pem', httpPort: 8080, tlsPort: 8443 },
  ...{ ocspResponderURL: '', externalAccountBindingRequired: false },
};

const file = (path: string, content: string): Entry => ({ kind: 'file', path, content });

export async function authority(docker: Docker, tag: string): Promise<Authority> {
  const name = `${tag}-acme`;
  const made = [name];
  const spec = { labels: names.labels(), memoryMiB: 256, pids: 100 };
  await docker.build(Readable.from([await tarOf([file('Dockerfile', DOCKERFILE)])]), { tag: IMAGE });
  await docker.ensureVolume(`${name}-config`, names.labels());
  await docker.create({
    ...{ ...spec, name, image: IMAGE, env: { PEBBLE_VA_NOSLEEP: '1', PEBBLE_WFE_NONCEREJECT: '0' } },
    networks: [{ name: names.edgeNetwork(), aliases: [HOST] }],
    mounts: [{ volume: `${name}-config`, path: '/config' }],
  });
  const files = await tarOf([
    file('pebble.json', JSON.stringify({ pebble: CONFIG })),
    file('chain.pem', certificateFile('wildcard.pem') + certificateFile('intermediate.pem')),
    file('key.pem', certificateFile('wildcard.key')),
  ]);
  await docker.putArchive(name, '/config', files);
  await docker.start(name);
  return {
    directory: `https://${HOST}:14000/dir`,
    authority: ROOT,
    async root() {
      const dial = () => docker.dial(name, ['socat', '-', 'OPENSSL:127.0.0.1:15000,verify=0']);
      return (await ask(dialledAgent(dial), { path: '/roots/0', host: HOST, timeoutSeconds: 10 })).body;
    },
    async mislead(domain) {
      const other = `${tag}-other`;
      made.push(other);
      await docker.create({
        ...{ ...spec, name: other, image: names.gatewayImage(), entrypoint: ['caddy'] },
        argv: ['respond', '--listen', ':8080', '--body', 'another site'],
        networks: [{ name: names.edgeNetwork(), aliases: [domain] }],
      });
      await docker.start(other);
    },
    lead: () => docker.remove(`${tag}-other`),
    async close() {
      for (const container of made) await docker.remove(container);
      await docker.removeVolume(`${name}-config`);
    },
  };
}
