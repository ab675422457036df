import { Secret } from '#libs/core/secret.js';
import { fingerprintOfLine } from '#libs/servers/key-pair.js';
import type { RunWithSteps } from '#libs/contract/contract.js';
import { authorize, startFleet, type Fleet, type FleetServer } from '#test/fleet/fleet.js';
import { openSshWorld, type SshWorld } from './ssh-world.js';

const found = ({ steps }: RunWithSteps): Record<string, string> =>
  Object.fromEntries(steps.map(({ name, says }) => [name, says.join('; ')]));

describe('a new server over SSH', () => {
  let fleet: Fleet;
  let server: FleetServer;
  let world: SshWorld;
  const authorized = async (): Promise<string> =>
    (await fleet.inside(server, ['cat', '/home/petugas/.ssh/authorized_keys'])).stdout;
  beforeAll(async () => {
    [fleet, world] = await Promise.all([startFleet(1, 'sp-ssh-enrol'), openSshWorld()]);
    server = fleet.servers[0]!;
    await authorize(server.name, '# milik orang lain');
  }, 300_000);
  afterAll(async () => {
    await world?.close();
    await fleet?.end();
  });

  it('gets a key of its own and shows its fingerprint when it is first looked at; nobody logs in', async () => {
    const added = await world.add(server);
    expect(added.ssh).toMatchObject({ publicLine: null, hostKey: null, enrolledAt: null });
    expect((await world.run('check', server.name)).state).toBe('done');
    const seen = await world.show(server.name);
    const { stdout } = await fleet.inside(server, ['cat', '/etc/ssh/ssh_host_ed25519_key.pub']);
    expect(seen.ssh).toMatchObject({ hostKeyShown: fingerprintOfLine(stdout), hostKey: null });
    expect(seen.ssh!.publicLine).toMatch(/^ssh-ed25519 \S+ siappakai-sp-ssh-enrol-1$/);
    const [row] = (await world.db.query('SELECT ssh_key FROM server')) as { ssh_key: string }[];
    expect(row!.ssh_key).toMatch(/^v1\.k1\./);
  });

  it('is not logged in to before a person has confirmed the fingerprint, and only with the one it shows', async () => {
    const run = await world.run('enrol', server.name);
    expect(run).toMatchObject({ state: 'undone', problem: { code: 'host-key-unconfirmed' } });
    const other = `SHA256:${'A'.repeat(43)}`;
    await expect(world.trust(server.name, other)).rejects.toMatchObject({ code: 'host-key-differs' });
    await world.trust(server.name);
    const [row] = (await world.db.query(`SELECT after FROM audit WHERE action = 'server.trust'`)) as object[];
    expect(row).toEqual({ after: { hostKey: (await world.show(server.name)).ssh!.hostKeyShown } });
  });

  it('says what to do when the key was not pasted, and when the password is wrong; the password is gone either way', async () => {
    expect(await world.run('enrol', server.name)).toMatchObject({
      state: 'undone',
      problem: { code: 'ssh-login-refused' },
    });
    await world.givePassword(server.name, new Secret('bukan-ini'));
    expect(await world.run('enrol', server.name)).toMatchObject({
      state: 'undone',
      problem: { code: 'ssh-login-refused' },
    });
    const [row] = (await world.db.query('SELECT ssh_password FROM server')) as object[];
    expect(row).toEqual({ ssh_password: null });
  });

  it('shows in a dry run what it would change, and changes nothing', async () => {
    await world.givePassword(server.name, server.password);
    const run = await world.run('enrol', server.name, { dryRun: true });
    expect(found(run)['place-key']).toBe('put our key into the authorized_keys of petugas, by the password given');
    expect(await authorized()).toBe('# milik orang lain\n');
  });

  it('walks down its check-list with a password that is used once, and tells what it found', async () => {
    const run = await world.run('enrol', server.name);
    expect(run.problem).toBeNull();
    expect(run.state).toBe('done');
    expect(found(run)).toMatchObject({
      'check-account': 'petugas is in group docker',
      'check-system': expect.stringContaining('bookworm'),
      'check-engine': expect.stringMatching(/^Docker Engine 20\.10/),
      'check-storage': 'overlay2',
      'check-memory': expect.stringMatching(/^\d+ MiB memory$/),
      'check-disk': expect.stringMatching(/^\d+ MiB free$/),
      'check-clock': expect.stringMatching(/^its clock differs by \d+(\.\d)? s$/),
      'check-ports': 'ports 80 and 443 are free',
      'reach-gabungan': 'there is no gabungan on another server yet',
    });
    const { ssh } = await world.show(server.name);
    expect(ssh!.enrolledAt).not.toBeNull();
    expect(await authorized()).toBe(`# milik orang lain\n${ssh!.publicLine}\n`);
    const [row] = (await world.db.query('SELECT ssh_password FROM server')) as object[];
    expect(row).toEqual({ ssh_password: null });
  });

  it('gets a new key by one run: proved before the old one is gone, and the old one opens nothing', async () => {
    const before = (await world.show(server.name)).ssh!.publicLine;
    const run = await world.run('rotate-key', server.name);
    expect(run).toMatchObject({ state: 'done', problem: null });
    const { publicLine } = (await world.show(server.name)).ssh!;
    expect(publicLine).not.toBe(before);
    expect(await authorized()).toBe(`# milik orang lain\n${publicLine}\n`);
    const { docker } = await world.workshop.links.berth((await world.show(server.name)).id);
    await expect(docker.ping()).resolves.toBeUndefined();
  });

  it('keeps its old key when the new one could not be proved', async () => {
    const before = (await world.show(server.name)).ssh!.publicLine;
    await fleet.inside(server, ['chattr', '+i', '/home/petugas/.ssh/authorized_keys']);
    await fleet.inside(server, ['mkdir', '/home/petugas/.ssh/authorized_keys.siappakai']);
    const run = await world.run('rotate-key', server.name);
    await fleet.inside(server, ['chattr', '-i', '/home/petugas/.ssh/authorized_keys']);
    await fleet.inside(server, ['rmdir', '/home/petugas/.ssh/authorized_keys.siappakai']);
    expect(run.state).not.toBe('done');
    expect((await world.show(server.name)).ssh!.publicLine).toBe(before);
    expect(await authorized()).toContain(before);
  });

  it('names the port that somebody else holds, and the account that may do too little', async () => {
    await world.db.query(`UPDATE server SET enrolled_at = NULL, http_port = 22 WHERE name = $1`, [server.name]);
    expect((await world.run('enrol', server.name)).problem).toMatchObject({
      code: 'server-ports-taken',
      data: { ports: ['22'] },
    });
    await world.db.query(`UPDATE server SET http_port = 80, address = $2, ssh_key = NULL WHERE name = $1`, [
      server.name,
      `ssh://tamu@${server.host}:22`,
    ]);
    await world.workshop.links.forget((await world.show(server.name)).id);
    await world.run('check', server.name);
    await world.givePassword(server.name, server.password);
    expect((await world.run('enrol', server.name)).problem).toMatchObject({
      code: 'ssh-account-weak',
      data: { user: 'tamu' },
    });
  });
});
