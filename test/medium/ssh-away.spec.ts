import { Away } from '#libs/core/errors.js';
import { Secret } from '#libs/core/secret.js';
import type { Docker } from '#libs/servers/docker.js';
import { connectEngineOver } from '#libs/servers/drivers/engine.js';
import { SshLink } from '#libs/servers/drivers/ssh.js';
import { readHostKey, type SshLogin } from '#libs/servers/drivers/ssh-login.js';
import { newKeyPair } from '#libs/servers/key-pair.js';
import { startFleet, type Fleet, type FleetServer } from '#test/fleet/fleet.js';

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'answered',
    (error: unknown) => (error instanceof Away ? error.code : error),
  );

/** A login that began while the server was away may still have to fail. */
async function answers(docker: Docker): Promise<void> {
  let last: unknown;
  for (let tries = 0; tries < 10 && last !== 'answered'; tries += 1) last = await codeOf(docker.ping());
  expect(last).toBe('answered');
}

describe('a server over SSH', () => {
  let fleet: Fleet;
  let [one, two]: FleetServer[] = [];
  const links: SshLink[] = [];
  const open = (login: SshLogin): { link: SshLink; docker: Docker } => {
    const link = new SshLink(login);
    links.push(link);
    return { link, docker: connectEngineOver(link, login.server) };
  };
  beforeAll(async () => {
    fleet = await startFleet(2, 'sp-ssh-away');
    [one, two] = fleet.servers;
  }, 300_000);
  afterAll(async () => {
    for (const link of links) await link.close();
    await fleet?.end();
  });

  it('whose sshd is killed in the middle of a command says so; the next call finds a new one', async () => {
    const { link, docker } = open(await one!.login());
    const slow = codeOf(link.exec(['sleep', '60']));
    await link.exec(['true']);
    await fleet.killSshd(one!);
    expect(await slow).toBe('server-unreachable');
    await answers(docker);
  });

  it('does not pass a cut stream off as a whole one', async () => {
    const { link } = open(await one!.login());
    const socket = await link.socket();
    const ended = new Promise((resolve) => socket.once('end', () => resolve('whole')).once('error', resolve));
    socket.resume();
    socket.write('GET /v1.40/events HTTP/1.1\r\nHost: engine\r\n\r\n');
    await fleet.killSshd(one!);
    expect(await ended).toMatchObject({ code: 'server-unreachable' });
  });

  it('whose network is cut holds nobody, and is found again when it is back', async () => {
    const { docker } = open(await one!.login());
    const other = open(await two!.login()).docker;
    await docker.ping();
    await fleet.cut(one!);
    try {
      expect(await codeOf(docker.ping())).toBe('server-unreachable');
      await other.ping();
    } finally {
      await fleet.mend(one!);
    }
    await answers(docker);
  });

  it('that is paused holds nobody, whatever was asked of it; the others answer meanwhile', async () => {
    const { link, docker } = open(await one!.login());
    const other = open(await two!.login()).docker;
    await docker.ping();
    await fleet.pause(one!);
    try {
      const asked = [docker.ping(), docker.facts(), docker.containers({}), link.exec(['true'])].map(codeOf);
      await other.ping();
      expect(await Promise.all(asked)).toEqual(Array(4).fill('server-unreachable'));
      expect(await codeOf(docker.ping())).toBe('server-unreachable');
    } finally {
      await fleet.unpause(one!);
    }
    await answers(docker);
  });

  it('that was rebooted is found again', async () => {
    const { docker } = open(await one!.login());
    await docker.ping();
    await fleet.reboot(one!);
    await answers(docker);
  });

  it('whose host key changed is not spoken to, and both fingerprints are told', async () => {
    const login = await two!.login();
    const { docker } = open(login);
    await docker.ping();
    await fleet.changeHostKey(two!);
    const shown = await readHostKey({ ...two!, server: two!.name });
    expect(shown).not.toBe(login.hostKey);
    const last: { error?: unknown } = {};
    for (let tries = 0; tries < 20 && (last.error as Away)?.code !== 'host-key-changed'; tries += 1)
      last.error = await docker.ping().catch((error: unknown) => error);
    expect(last.error).toMatchObject({
      code: 'host-key-changed',
      data: { server: two!.name, pinned: login.hostKey, shown },
    });
  });

  it('refuses a wrong password and a key that was not pasted yet', async () => {
    const { key, ...login } = await two!.login();
    const stranger = newKeyPair('belum').privateKey;
    expect(await codeOf(open({ ...login, key: stranger }).docker.ping())).toBe('ssh-login-refused');
    const wrong = new Secret('bukan-ini');
    expect(await codeOf(open({ ...login, password: wrong }).docker.ping())).toBe('ssh-login-refused');
    expect(await codeOf(open({ ...login, password: two!.password }).docker.ping())).toBe('answered');
    expect(await codeOf(open({ ...login, key }).docker.ping())).toBe('answered');
  });

  it('whose account may not use Docker says that Docker does not answer', async () => {
    const { key: _, ...login } = await two!.login();
    const { link, docker } = open({ ...login, user: 'tamu', password: two!.password });
    expect(await link.exec(['id', '--name', '--groups'])).toMatchObject({ stdout: 'tamu\n' });
    expect(await codeOf(docker.ping())).toBe('server-unreachable');
  });
});
