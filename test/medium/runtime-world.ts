import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import * as names from '#libs/catalog/names.js';
import { Secret } from '#libs/core/secret.js';
import { gatewayOn } from '#libs/gateway/drivers/caddy.js';
import { NO_HTTPS, type Https } from '#libs/gateway/https.js';
import type { Gateway } from '#libs/gateway/gateway-port.js';
import { volumesOf } from '#libs/gateway/gateway-container.js';
import { runtimesOn } from '#libs/runtimes/drivers/runtimes.js';
import type { RuntimeSpec, Runtimes, SiteSpec } from '#libs/runtimes/runtime-port.js';
import { connectEngine } from '#libs/servers/drivers/engine.js';
import type { Docker } from '#libs/servers/docker.js';
import { tarOf, type Entry } from '#libs/servers/files.js';
import { parseManifest } from '#libs/templates/read-app.js';
import type { App } from '#libs/templates/manifest.js';

const FIXTURE = new URL('../fixtures/apps/hostile/', import.meta.url);

/** A server with a gateway and one gabungan, and an application that runs whatever a test sends it. */
export interface RuntimeWorld {
  docker: Docker;
  gateway: Gateway;
  runtimes: Runtimes;
  httpPort: number;
  httpsPort: number;
  /** What the gateway is to be told when it is asked to be as wanted the next time. */
  https: Https;
  gatewayContainer: string;
  spec(version?: string, more?: Partial<RuntimeSpec>): RuntimeSpec;
  site(number: number, more?: Record<string, unknown>): SiteSpec;
  get(spec: RuntimeSpec, site: SiteSpec, path?: string, headers?: Record<string, string>): ReturnType<Gateway['get']>;
  /** Runs PHP as the site; answers what it prints. */
  php(spec: RuntimeSpec, site: SiteSpec, code: string): Promise<string>;
  close(): Promise<void>;
}

async function readFixture(): Promise<App> {
  const manifest = parseManifest(await readFile(new URL('app.yaml', FIXTURE), 'utf8'), 'app.yaml');
  const files = (await readdir(FIXTURE)).filter((name) => name.endsWith('.hbs'));
  const templates = await Promise.all(
    files.map(async (name) => [name, await readFile(new URL(name, FIXTURE), 'utf8')] as const),
  );
  return { ...manifest, templates: Object.fromEntries(templates) };
}

async function buildImage(docker: Docker, base: string): Promise<string> {
  const tag = 'siappakai/hostile:test';
  const copied = ['index.php', 'VERSION', 'assets/site.css'];
  const files = await Promise.all(
    copied.map(async (path): Promise<Entry> => ({
      kind: 'file',
      path,
      content: await readFile(new URL(path, FIXTURE)),
    })),
  );
  const dockerfile = `FROM ${base}\nCOPY index.php VERSION /var/www/html/\nCOPY assets /var/www/html/assets\n`;
  await docker.build(
    Readable.from([await tarOf([{ kind: 'file', path: 'Dockerfile', content: dockerfile }, ...files])]),
    { tag },
  );
  return tag;
}

export async function runtimeWorld(prefix: string): Promise<RuntimeWorld> {
  const docker = connectEngine('unix:/var/run/docker.sock');
  const app = await readFixture();
  const image = await buildImage(docker, names.baseImage('8.2'));
  const tag = `t-b-${prefix}-${randomBytes(3).toString('hex')}`;
  const httpPort = 20000 + Math.floor(Math.random() * 10000);
  const httpsPort = httpPort + 10_000;
  const wished: { https: Https } = { https: { ...NO_HTTPS, port: httpsPort, address: '127.0.0.1' } };
  const gateway = gatewayOn(docker, {
    container: `${tag}-gateway`,
    image: names.gatewayImage(),
    httpPort,
    httpAddress: '127.0.0.1',
    https: () => Promise.resolve(wished.https),
  });
  await gateway.ensure();
  const runtimes = runtimesOn(docker, gateway);
  const gateKey = new Secret(randomBytes(20).toString('hex'));
  const made = new Map<string, RuntimeSpec>();
  const spec: RuntimeWorld['spec'] = (version = 'v1.0.0', more = {}) => {
    const name = `${tag}-${version.replaceAll('.', '-')}`;
    const whole: RuntimeSpec = {
      name,
      app,
      version,
      image,
      network: `${tag}-net`,
      dataVolume: `${tag}-data`,
      configVolume: `${name}-conf`,
      gateKey,
      labels: names.labels(),
      memoryMiB: 384,
      cpus: 2,
      pids: 200,
      ...more,
    };
    made.set(whole.name, whole);
    return whole;
  };
  const site: RuntimeWorld['site'] = (number, more = {}) => ({
    site: `d33030120${String(number).padStart(2, '0')}`,
    uid: 30000 + number,
    domain: `desa${number}.test`,
    values: {
      code: `33030120${String(number).padStart(2, '0')}`,
      name: `Desa ${number}`,
      odd: 'plain',
      key: new Secret(`key-of-${number}`),
      ...more,
    },
  });
  const get: RuntimeWorld['get'] = (runtime, { site: name, domain }, path = '/', headers) =>
    gateway.get({
      runtime: runtime.name,
      port: 8080,
      site: name,
      gateKey: runtime.gateKey.reveal(),
      domain,
      path,
      timeoutSeconds: 60,
      headers,
    });
  return {
    get https() {
      return wished.https;
    },
    set https(https) {
      wished.https = https;
    },
    docker,
    gateway,
    runtimes,
    httpPort,
    httpsPort,
    gatewayContainer: `${tag}-gateway`,
    spec,
    site,
    get,
    php: async (runtime, one, code) =>
      (await get(runtime, one, '/', { 'X-Code': Buffer.from(code).toString('base64') })).body,
    async close() {
      for (const { name, configVolume } of made.values()) await runtimes.remove(name, configVolume);
      await docker.remove(`${tag}-gateway`);
      for (const volume of Object.values(volumesOf(`${tag}-gateway`))) await docker.removeVolume(volume);
      for (const volume of new Set([...made.values()].map(({ dataVolume }) => dataVolume)))
        await docker.removeVolume(volume);
      for (const network of new Set([...made.values()].map((one) => one.network))) await docker.removeNetwork(network);
    },
  };
}
