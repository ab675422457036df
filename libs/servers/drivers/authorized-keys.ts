import { Unavailable } from '#libs/core/errors.js';
import { withLine, withoutLine } from '../authorized-lines.js';
import type { SshLink } from './ssh.js';

/** sshd begins in the account's home. */
const FILE = '.ssh/authorized_keys';
const NEW = '.ssh/authorized_keys.siappakai';

export const placeLine = (link: SshLink, line: string): Promise<void> => rewrite(link, (text) => withLine(text, line));

export const removeLine = (link: SshLink, line: string): Promise<void> =>
  rewrite(link, (text) => withoutLine(text, line));

/** Beside it first, then in its place: at no moment is the file half written, and nobody is locked out. */
async function rewrite(link: SshLink, change: (text: string) => string): Promise<void> {
  await must(link, ['mkdir', '-p', '-m', '0700', '.ssh']);
  const { stdout: before } = await link.exec(['cat', FILE]);
  const after = change(before);
  if (after === before) return;
  await must(link, ['tee', NEW], after);
  await must(link, ['chmod', '0600', NEW]);
  await must(link, ['mv', '-f', NEW, FILE]);
}

async function must(link: SshLink, argv: string[], stdin?: string): Promise<void> {
  const { code, stderr } = await link.exec(argv, { stdin });
  if (code === 0) return;
  const { server } = link.login;
  throw new Unavailable('ssh-command-failed', { server, program: argv[0]!, reason: stderr.slice(0, 300) });
}
