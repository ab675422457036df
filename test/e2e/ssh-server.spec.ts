import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Desa } from '#libs/contract/contract.js';
import type { Server } from '#libs/contract/servers.js';
import { fingerprintOfLine } from '#libs/servers/key-pair.js';
import { authorize, startFleet, type Fleet, type FleetServer } from '#test/fleet/fleet.js';
import { startControlPlane, type ControlPlane } from '../demo/control-plane.js';
import { makeRelease } from '../fixtures/apps/opensid-contoh/make-release.js';

const FOLDER = resolve('data/e2e-ssh');
const [GABUNGAN, CODE, VERSION, PORT] = ['e2essh', '1307012001', 'v2601.0.0', 8118];
const DOMAIN = 'd1.ssh.test';
let fleet: Fleet;
let server: FleetServer;
let plane: ControlPlane;
let home: string;

/** The built command; throws what it said unless it ends as expected. */
function siappakai(argv: string[], { exit = 0, input = '' } = {}): Promise<string> {
  return new Promise((done, failed) => {
    const env = { PATH: process.env.PATH, HOME: home, SIAPPAKAI_URL: plane.url };
    const child = execFile(process.execPath, ['dist/apps/cli/main.js', ...argv], { env }, (error, out, text) => {
      const ended = error ? Number(error.code) : 0;
      if (ended === exit) done(out + text);
      else failed(new Error(`${argv.join(' ')} ended with ${ended}: ${out}${text}`));
    });
    child.stdin?.end(input);
  });
}

const visit = (): Promise<string> =>
  new Promise((done, failed) => {
    const at = { host: server.host, port: 80, path: '/index.php/siteman', headers: { host: DOMAIN } };
    const call = request(at, (answer) => {
      let text = '';
      answer.on('data', (part: Buffer) => (text += part.toString()));
      answer.on('end', () => done(text));
    });
    call.on('error', failed);
    call.end();
  });

beforeAll(async () => {
  await rm(FOLDER, { recursive: true, force: true });
  home = await mkdtemp(join(tmpdir(), 'siappakai-ssh-'));
  fleet = await startFleet(1, 'sp-e2e-ssh');
  server = fleet.servers[0]!;
  plane = await startControlPlane(FOLDER, PORT, { DATABASE_URL: '', REDIS_URL: '' });
  await siappakai(['login', plane.url], { input: `${plane.adminPassword}\n` });
  await siappakai(['kabupaten', 'add', '13.07']);
}, 600_000);

afterAll(async () => {
  await plane?.stop();
  await fleet?.end();
  await rm(home, { recursive: true, force: true });
}, 120_000);

/** The order matters: each test stands on the world the one before left. */
describe('a server over SSH', () => {
  it('is added, met, confirmed by a person and enrolled by the command line', async () => {
    const ssh = `petugas@${server.host}:22`;
    const added = await siappakai(['server', 'add', server.name, '--kabupaten', '13.07', '--ssh', ssh]);
    const { stdout: line } = await fleet.inside(server, ['cat', '/etc/ssh/ssh_host_ed25519_key.pub']);
    const fingerprint = fingerprintOfLine(line);
    expect(added).toContain(fingerprint);
    const [pasted] = /^ssh-ed25519 .+$/m.exec(added) ?? [];
    expect(await siappakai(['server', 'enrol', server.name, '--follow'], { exit: 10 })).toContain(
      'Kunci server belum dikonfirmasi',
    );
    await siappakai(['server', 'trust', server.name, '--fingerprint', fingerprint]);
    await authorize(server.name, pasted!);
    const enrolled = await siappakai(['server', 'enrol', server.name, '--follow']);
    for (const found of [
      'petugas is in group docker',
      'overlay2',
      'ports 80 and 443 are free',
      'bring siappakai/gateway:',
    ])
      expect(enrolled).toContain(found);
  }, 300_000);

  it('carries a desa from its gabungan to its page', async () => {
    const place = ['--kabupaten', '13.07', '--server', server.name];
    await siappakai(['gabungan', 'create', GABUNGAN, ...place, '--follow']);
    const path = await makeRelease(VERSION, resolve(FOLDER, 'archives'));
    await siappakai(['release', 'add', 'opensid', '--path', path]);
    await siappakai(['release', 'build', 'opensid', VERSION, '--follow']);
    await plane.client.post('/desa', { code: CODE, domain: DOMAIN });
    await siappakai(['desa', 'install', CODE, '--follow']);
    expect(await visit()).toContain('2601.0.0');
    const desa = await plane.client.get<Desa>(`/desa/${CODE}`);
    expect(desa.installations[0]).toMatchObject({ state: 'running', server: server.name, observedVersion: '2601.0.0' });
  }, 600_000);

  it('gets a new key by one command, and the desa serves on', async () => {
    const before = (await plane.client.get<Server>(`/servers/${server.name}`)).ssh!.publicLine;
    await siappakai(['server', 'rotate-key', '--all']);
    expect((await plane.client.get<Server>(`/servers/${server.name}`)).ssh!.publicLine).not.toBe(before);
    await siappakai(['server', 'check', server.name]);
    expect(await visit()).toContain('2601.0.0');
  }, 120_000);
});
