import { InvalidInput } from '#libs/core/errors.js';

/** Where the sshd of a server listens, and as whom we come. */
export interface SshAddress {
  user: string;
  host: string;
  port: number;
}

const SSH = /^(?:ssh:\/\/)?([a-z_][a-z0-9_.-]{0,31})@(\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9.-]{0,252}))(?::(\d{1,5}))?$/i;

/** `user@host:port`, with or without `ssh://`; port 22 when it is not said. Throws `ssh-address-malformed`. */
export function sshAddressOf(text: string): SshAddress {
  const [, user, host, port = '22'] = SSH.exec(text) ?? [];
  if (!user || !host || Number(port) < 1 || Number(port) > 65535)
    throw new InvalidInput('ssh-address-malformed', { address: text.slice(0, 300) });
  return { user, host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
}

/** As it stands in the server's row. */
export const sshAddressText = ({ user, host, port }: SshAddress): string =>
  `ssh://${user}@${host.includes(':') ? `[${host}]` : host}:${port}`;

/** The engine of the machine the control plane runs on. */
export const LOCAL_ENGINE = 'unix:/var/run/docker.sock';

interface Reached {
  address: string;
  /** What a person said. */
  internalAddress?: string | null;
  /** Where its gateway listens for visitors: of this machine the only other hint. */
  httpAddress?: string;
}

/** The host by which others reach a server: what a person said, its sshd's host, or where its gateway listens. Undefined: nobody said it. IPv6 in brackets. */
export function hostForOthers({ address, internalAddress, httpAddress = '' }: Reached): string | undefined {
  if (internalAddress) return internalAddress;
  const host = isSsh(address) ? sshAddressOf(address).host : httpAddress;
  if (['', '0.0.0.0', '::', '127.0.0.1', '::1', 'localhost'].includes(host)) return undefined;
  return host.includes(':') ? `[${host}]` : host;
}

export const isSsh = (address: string): boolean => address.startsWith('ssh://');
