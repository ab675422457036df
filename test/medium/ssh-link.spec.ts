import fc from 'fast-check';
import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { promisify } from 'node:util';
import type { Docker } from '#libs/servers/docker.js';
import { connectEngineOver } from '#libs/servers/drivers/engine.js';
import { SshLink, type Tunnel } from '#libs/servers/drivers/ssh.js';
import { quoteArgv } from '#libs/servers/quote.js';
import { startFleet, type Fleet, type FleetServer } from '#test/fleet/fleet.js';

describe('argv as one string', () => {
  it('is read by a real shell as the same words, whatever stands in them', async () => {
    const words = fc.array(fc.string({ unit: 'binary', maxLength: 30 }), { minLength: 1, maxLength: 5 });
    const nasty = fc.array(
      fc.constantFrom("'", '"', '\\', '$(id)', '`id`', '\n', '!', '*', '~', ' ', '-', '', '#', '&'),
    );
    await fc.assert(
      fc.asyncProperty(words, nasty, async (some, pieces) => {
        const argv = [...some, pieces.join('')].map((word) => word.replaceAll('\0', ''));
        const { stdout } = await promisify(execFile)('/bin/sh', ['-c', quoteArgv(['printf', '%s\\0', ...argv])]);
        expect(stdout).toBe(argv.map((word) => `${word}\0`).join(''));
      }),
      { numRuns: 150 },
    );
  });
});

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
  }, 300_000);
  afterAll(async () => {
    await link?.close();
    await fleet?.end();
  });

  it('carries the engine behind its socket, over one connection however many ask', async () => {
    const asked = Array.from({ length: 30 }, () => docker.facts());
    expect(new Set((await Promise.all(asked)).map(({ storageDriver }) => storageDriver))).toEqual(
      new Set(['overlay2']),
    );
    const { stdout } = await fleet.inside(server, ['pgrep', '--count', '--full', 'sshd: petugas$']);
    expect(stdout.trim()).toBe('1');
  });

  it('tells what argv said and how it ended', async () => {
    const words = ["it's", '$HOME', 'a b', '`id`', ''];
    const { stdout } = await link.exec(['printf', '%s|', ...words]);
    expect(stdout).toBe(words.map((word) => `${word}|`).join(''));
    expect(await link.exec(['cat'], { stdin: 'dari kami' })).toMatchObject({ code: 0, stdout: 'dari kami' });
    expect(await link.exec(['ls', '/tidak-ada'])).toMatchObject({ code: 2, stdout: '' });
  });

  it('waits for a command only as long as it was told to', async () => {
    const slow = link.exec(['sleep', '60'], { timeoutSeconds: 1 });
    await expect(slow).rejects.toMatchObject({ code: 'ssh-command-slow', data: { program: 'sleep', seconds: 1 } });
    await docker.ping();
  });

  describe('with a tunnel', () => {
    let registry: Server;
    let tunnel: Tunnel;
    const ask = (): Promise<string> =>
      link.exec(['bash', '-c', `cat < /dev/tcp/127.0.0.1/${tunnel.port}`]).then(({ stdout }) => stdout);
    beforeAll(async () => {
      registry = createServer((socket) => socket.end('halo')).listen(0, '127.0.0.1');
      await once(registry, 'listening');
      tunnel = await link.reverse(0, (socket: Duplex) => socket.end('halo'));
    });
    afterAll(async () => {
      await tunnel.close();
      registry.close();
    });

    it('brings connections from the loopback of the server to us, and nobody else there hears of it', async () => {
      expect(await ask()).toBe('halo');
      const { stdout } = await fleet.inside(server, ['ss', '--listening', '--tcp', '--numeric', '--no-header']);
      const listening = stdout.split('\n').filter((line) => line.includes(`:${tunnel.port} `));
      expect(listening).toHaveLength(1);
      expect(listening[0]).toContain(`127.0.0.1:${tunnel.port}`);
    });

    it('opens it again by itself after the connection was lost', async () => {
      await fleet.killSshd(server);
      const deadline = Date.now() + 60_000;
      while ((await ask().catch(() => '')) !== 'halo') if (Date.now() > deadline) throw new Error('no tunnel');
      expect(tunnel.port).toBeGreaterThan(0);
    });

    it('says when the port is taken', async () => {
      await expect(link.reverse(22, () => undefined)).rejects.toMatchObject({ code: 'tunnel-port-taken' });
    });
  });
});
