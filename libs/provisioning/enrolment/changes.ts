import { Conflict, NotProved, Unavailable } from '#libs/core/errors.js';
import { leave, type Step } from '#libs/runs/step.js';
import { accountOf, AFTERWARDS, hasEngine, isUsable, systemHere, type Account } from './looks.js';
import type { EnrolTarget, EnrolTools } from './target.js';

const INSTALL_SECONDS = 900;
const LATEST_SECONDS = 60;

/** Our key in the account's `authorized_keys`: pasted by a person, or put there by a password that is used once. */
export const placeKey: Step<EnrolTarget, EnrolTools, null> = {
  name: 'place-key',
  async plan(target, tools) {
    try {
      await tools.logIn();
      return { says: [], before: null };
    } catch (error) {
      const isRefused = (error as { code?: string }).code === 'ssh-login-refused';
      if (!isRefused || !(await tools.hasPassword())) throw error;
      return { says: [`put our key into the authorized_keys of ${target.user}, by the password given`], before: null };
    }
  },
  run: (_target, tools) => tools.placeKey(),
  verify: (_target, tools) => tools.logIn(),
  undo: leave('the key stays: the password is used up, and the next try needs it'),
};

type Command = { argv: string[]; timeoutSeconds?: number };
const APT = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get'];

/** What a server still needs, as the commands that would be run there; nothing is fetched from elsewhere than its own Debian. */
async function commandsFor(target: EnrolTarget, tools: EnrolTools): Promise<{ commands: Command[]; account: Account }> {
  const account = await accountOf(target, tools);
  const isThere = await hasEngine(tools);
  const commands: Command[] = [];
  if (!isThere)
    commands.push(
      { argv: [...APT, 'update'], timeoutSeconds: INSTALL_SECONDS },
      {
        argv: [...APT, 'install', '--yes', '--no-install-recommends', 'docker.io', 'iptables'],
        timeoutSeconds: INSTALL_SECONDS,
      },
    );
  if (!isThere) commands.push({ argv: ['service', 'docker', 'start'] });
  if (!account.inDockerGroup) commands.push({ argv: ['usermod', '--append', '--groups', 'docker', target.user] });
  return { commands, account };
}

const asRoot = ({ isRoot }: Account, argv: string[]): string[] => (isRoot ? argv : ['sudo', '-n', ...argv]);

/** Debian's own Docker Engine, and the account in its group. Nothing is installed that was not asked for. */
export const prepareEngine: Step<EnrolTarget, EnrolTools, null> = {
  name: 'prepare-engine',
  async plan(target, tools) {
    const { commands, account } = await commandsFor(target, tools);
    if (commands.length === 0) return { says: [], before: null };
    if (!target.mayInstall) throw new Conflict('docker-missing', { server: target.name });
    if (!account.maySudo) throw new Conflict('sudo-missing', { server: target.name, user: target.user });
    await systemHere(target, tools);
    return { says: commands.map(({ argv }) => `run as root: ${argv.join(' ')}`), before: null };
  },
  async run(target, tools) {
    const { commands, account } = await commandsFor(target, tools);
    for (const command of commands) await carryOut(target, tools, account, command);
    await appear(target, tools);
    await tools.logInAnew();
  },
  async verify(target, tools) {
    const isThere = await hasEngine(tools);
    const { inDockerGroup } = await accountOf(target, tools);
    if (!isThere || !inDockerGroup) throw new NotProved('docker-missing', { server: target.name });
  },
  undo: leave('a Docker Engine is not taken away: containers of others may stand on it'),
};

async function carryOut(
  { name }: EnrolTarget,
  tools: EnrolTools,
  account: Account,
  { argv, timeoutSeconds }: Command,
): Promise<void> {
  await tools.say('info', argv.join(' '), 'prepare-engine');
  const { code, stderr, stdout } = await tools.exec(asRoot(account, argv), { timeoutSeconds });
  // An engine that runs already, or is started by its package, refuses to be started again.
  if (code === 0 || argv[0] === 'service') return;
  const reason = (stderr || stdout).trim().slice(-300);
  throw new Unavailable('docker-install-failed', { server: name, command: argv.join(' '), reason });
}

/** The socket comes a moment after the start. */
async function appear({ name }: EnrolTarget, tools: EnrolTools): Promise<void> {
  const late = tools.now() + LATEST_SECONDS * 1000;
  while (!(await hasEngine(tools))) {
    if (tools.now() > late) throw new Unavailable('docker-not-started', { server: name });
    await tools.exec(['sleep', '1']);
  }
}

/** The gateway and what else of ours runs there: the server may have no other way to them. */
export const bringImages: Step<EnrolTarget, EnrolTools, null> = {
  name: 'bring-images',
  async plan(target, tools) {
    if (!(await isUsable(target, tools))) return { says: [`bring our own images: ${AFTERWARDS}`], before: null };
    const missing = await tools.missingImages();
    return { says: missing.map((image) => `bring ${image} to ${target.name}`), before: null };
  },
  run: (_target, tools) => tools.bringImages(),
  async verify(_target, tools) {
    const [image] = await tools.missingImages();
    if (image) throw new NotProved('image-nowhere', { image });
  },
  undo: leave('images that lie there change nothing, and the next try needs them'),
};

/** From here on desa may be placed there. */
export const recordServer: Step<EnrolTarget, EnrolTools, null> = {
  name: 'record-server',
  async plan({ name }, tools) {
    return { says: (await tools.isRecorded()) ? [] : [`record ${name} as ready`], before: null };
  },
  async run(target, tools) {
    const { name: system } = await systemHere(target, tools);
    await tools.record({ ...(await tools.engine()), operatingSystem: system });
  },
  async verify({ name }, tools) {
    if (!(await tools.isRecorded())) throw new NotProved('server-not-enrolled', { name });
  },
  undo: leave('looks only; what it recorded is what it saw'),
};
