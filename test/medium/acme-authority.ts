import * as names from '#libs/catalog/names.js';
import type { Docker } from '#libs/servers/docker.js';
import { tarOf } from '#libs/servers/files.js';

/** An ACME authority of our own beside the gateway, and a front for each domain: the server's port 80, which leads to it. */
export interface Authority {
  directory: string;
  /** PEM. */
  root: string;
  /** From here on the name leads to the gateway, or, without one, to somebody else. */
  lead(domain: string, gateway?: string): Promise<void>;
  close(): Promise<void>;
}

const CONFIG = (host: string): unknown => ({
  admin: { disabled: true },
  apps: {
    pki: { certificate_authorities: { local: { install_trust: false } } },
    tls: { automation: { policies: [{ issuers: [{ module: 'internal' }] }] } },
    http: {
      servers: {
        ca: {
          listen: [':9443'],
          automatic_https: { disable_redirects: true },
          routes: [
            { match: [{ host: [host] }], handle: [{ handler: 'acme_server', ca: 'local', host: `${host}:9443` }] },
          ],
        },
      },
    },
  },
});

export async function authority(docker: Docker, tag: string): Promise<Authority> {
  const [name, host] = [`${tag}-acme`, `acme.${tag}.test`];
  const made = [name];
  const spec = { image: names.gatewayImage(), labels: names.labels(), memoryMiB: 256, pids: 100 };
  await docker.ensureVolume(`${name}-config`, names.labels());
  await docker.create({
    ...{ ...spec, name, entrypoint: ['caddy'], argv: ['run', '--config', '/config/acme.json'] },
    networks: [{ name: names.edgeNetwork(), aliases: [host] }],
    mounts: [{ volume: `${name}-config`, path: '/config' }],
  });
  const file = { kind: 'file' as const, path: 'acme.json', content: JSON.stringify(CONFIG(host)) };
  await docker.putArchive(name, '/config', await tarOf([file]));
  await docker.start(name);
  return {
    directory: `https://${host}:9443/acme/local/directory`,
    root: await rootOf(docker, name),
    async lead(domain, gateway) {
      const front = `${tag}-front-${domain.split('.')[0]}`;
      made.push(front);
      await docker.remove(front);
      const through = ['socat', 'TCP-LISTEN:80,fork,reuseaddr', `TCP:${gateway}:8080`];
      const [program, ...argv] = gateway ? through : ['caddy', 'respond', '--listen', ':80', '--body', 'another site'];
      await docker.create({
        ...{ ...spec, name: front, entrypoint: [program!], argv },
        networks: [{ name: names.edgeNetwork(), aliases: [domain] }],
      });
      await docker.start(front);
    },
    async close() {
      for (const container of made) await docker.remove(container);
      await docker.removeVolume(`${name}-config`);
    },
  };
}

async function rootOf(docker: Docker, name: string): Promise<string> {
  const argv = ['cat', '/data/caddy/pki/authorities/local/root.crt'];
  for (let tries = 0; tries < 100; tries += 1) {
    const { code, stdout } = await docker.exec(name, argv);
    if (code === 0 && stdout.includes('END CERTIFICATE')) return stdout;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`no root: ${await docker.logs(name, 20)}`);
}
