import { NodeSSH } from 'node-ssh';
import type { Client } from 'ssh2';
import { Away } from '#libs/core/errors.js';
import type { Secret } from '#libs/core/secret.js';
import { fingerprintOf } from '../key-pair.js';
import type { SshAddress } from '../ssh-address.js';

export interface SshLogin extends SshAddress {
  /** The name by which errors tell of it. */
  server: string;
  /** The pinned fingerprint, `SHA256:…`: another one is a hard stop before anything is said to it. */
  hostKey: string;
  /** A private key, or a password that is used once to put our key there. */
  key?: Secret;
  password?: Secret;
}

const READY_MILLISECONDS = 10_000;
const ALIVE_MILLISECONDS = 5000;
const SILENT_TIMES = 3;
/** Without an order of our own a server that gains a kind of key would look like another server. */
const HOST_KEYS = ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'rsa-sha2-512', 'rsa-sha2-256'] as const;

type Failure = Error & { level?: string };

const common = ({ host, port, user }: SshAddress) => ({
  ...{ host, port, username: user },
  algorithms: { serverHostKey: [...HOST_KEYS] },
  readyTimeout: READY_MILLISECONDS,
});

/**
 * One connection, logged in. Throws `Away`: `host-key-changed` with both fingerprints, `ssh-login-refused`,
 * `server-unreachable`. A server that falls silent ends the connection after 15 to 20 seconds.
 */
export async function logIn(login: SshLogin): Promise<Client> {
  const ssh = new NodeSSH();
  let shown = '';
  const connecting = ssh.connect({
    ...common(login),
    hostVerifier: (key: Buffer) => (shown = fingerprintOf(key)) === login.hostKey,
    ...(login.key ? { privateKey: login.key.reveal() } : {}),
    ...(login.password ? { password: login.password.reveal(), tryKeyboard: true } : {}),
    keepaliveInterval: ALIVE_MILLISECONDS,
    keepaliveCountMax: SILENT_TIMES,
  });
  const client = ssh.connection;
  // Whatever comes after the first failure has nobody listening.
  client?.on('error', () => undefined);
  try {
    await connecting;
  } catch (error) {
    client?.destroy();
    throw refusalOf(login, shown, error as Failure);
  }
  // Without it every answer waits for the acknowledgement of the one before: 44 ms instead of 2 (facts/platform, SSH).
  return ssh.connection!.setNoDelay(true);
}

function refusalOf({ server, user, hostKey }: SshLogin, shown: string, error: Failure): Away {
  if (shown && shown !== hostKey) return new Away('host-key-changed', { server, pinned: hostKey, shown }, error);
  if (error.level === 'client-authentication') return new Away('ssh-login-refused', { server, user }, error);
  return new Away('server-unreachable', { server, reason: error.message }, error);
}

/** The fingerprint a server shows, read before anybody logs in. Throws `Away('server-unreachable')`. */
export async function readHostKey({ server, ...address }: SshAddress & { server: string }): Promise<string> {
  const ssh = new NodeSSH();
  let shown = '';
  const connecting = ssh.connect({
    ...common(address),
    hostVerifier: (key: Buffer) => {
      shown = fingerprintOf(key);
      return false;
    },
  });
  const client = ssh.connection;
  client?.on('error', () => undefined);
  const reason = await connecting.then(
    () => 'it let us in without a key',
    (error: Error) => error.message,
  );
  client?.destroy();
  if (!shown) throw new Away('server-unreachable', { server, reason });
  return shown;
}
