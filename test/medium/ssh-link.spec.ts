import type { Duplex } from 'node:stream';
import { createServer, connect } from 'node:net';
import type { Docker } from '#libs/servers/docker.js';
import { connectEngineOver } from '#libs/servers/drivers/engine.js';
import { SshLink } from '#libs/servers/drivers/ssh.js';
import { startFleet, type Fleet, type FleetServer } from '#test/fleet/fleet.js';

describe('the link to a server', () => {
  let fleet: Fleet;
  let server: FleetServer;
  let link: SshLink;
  let docker: Docker;
  beforeAll(async () => {
    fleet = await startFleet(1, 'sp-ssh-link');
    server = fleet.servers[0]!;
    link = new SshLink(await server.login());
    docker = connectEngineOver(link, server.name);
  }, 180_000);
  afterAll(async () => {
    await link?.close();
    await fleet?.end();
  });

  it('carries the engine behind its socket', async () => {
    const { storageDriver } = await docker.facts();
    expect(storageDriver).toBe('overlay2');
    const before = performance.now();
    for (let i = 0; i < 100; i += 1) await docker.ping();
    console.log((performance.now() - before) / 100);
  });

  it('runs argv as it is', async () => {
    expect(await link.exec(['printf', '%s|', "it's", '$HOME', 'a b', '`id`', ''])).toEqual({
      code: 0,
      stdout: "it's|$HOME|a b|`id`||",
      stderr: '',
    });
  });

  it('brings connections from a port of the server to us', async () => {
    const tunnel = await link.reverse(0, (socket: Duplex) => socket.end('halo'));
    const { stdout } = await link.exec(['bash', '-c', `cat < /dev/tcp/127.0.0.1/${tunnel.port}`]);
    expect(stdout).toBe('halo');
    await tunnel.close();
  });
});
void createServer;
void connect;
