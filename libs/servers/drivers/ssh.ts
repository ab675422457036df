import type { Duplex } from 'node:stream';
import type { Client, ClientChannel, TcpConnectionDetails } from 'ssh2';
import { Away, Conflict, Unavailable } from '#libs/core/errors.js';
import { systemClock, type Clock } from '#libs/core/clock.js';
import { inTime } from '#libs/core/retry.js';
import { assertStillMine } from '#libs/core/still-mine.js';
import type { ExecResult } from '../docker.js';
import { quoteArgv } from '../quote.js';
import { logIn, type SshLogin } from './ssh-login.js';
import { socketOf } from './ssh-socket.js';
import { outcomeOf } from './ssh-exec.js';

const DOCKER_SOCKET = '/var/run/docker.sock';
const LOOPBACK = '127.0.0.1';
const OPEN_MILLISECONDS = 10_000;
const EXEC_SECONDS = 60;
/** RFC 4254, 5.1: administratively prohibited. */
const PROHIBITED = 1;
const [FIRST_PAUSE, LONGEST_PAUSE] = [500, 30_000];

/** A port on the server's loopback whose connections come to us; it is there again after a reconnect. */
export interface Tunnel {
  /** As the server gave it; another one after a reconnect when any port (0) was asked for. 0 while the link is down. */
  readonly port: number;
  close(): Promise<void>;
}
type Kept = { -readonly [key in keyof Tunnel]: Tunnel[key] } & { asked: number; receive: (socket: Duplex) => void };

/**
 * The one connection to a server. It carries the socket of its Docker Engine, tunnels back to us, and the few commands
 * of an enrolment. It is opened by the first who asks and again after a loss; every call throws `Away` when the server
 * cannot be reached, and what was under way when the connection broke ends with `Away('server-unreachable')` too.
 */
export class SshLink {
  private client?: Promise<Client>;
  private isClosed = false;
  private losses = 0;
  /** What is told when the connection breaks. */
  private readonly underway = new Set<(error: Error) => void>();
  private readonly tunnels = new Set<Kept>();

  constructor(
    readonly login: SshLogin,
    private readonly clock: Clock = systemClock,
    /** What is right now: another worker may have changed the key, or a person have confirmed another host key. */
    private readonly latest: () => Promise<SshLogin> = async () => login,
  ) {}

  /** A stream to a socket on the server. */
  async socket(path = DOCKER_SOCKET): Promise<Duplex> {
    const open = (client: Client, done: Done<ClientChannel>): unknown =>
      client.openssh_forwardOutStreamLocal(path, done as never);
    return this.keep(await this.ask(open));
  }

  /**
   * Opens a port on the server's loopback; 0 = any free one, which never meets a dead connection's leftover.
   * Throws `Conflict`: `tunnel-port-taken`, or `tunnel-refused` when not even any port is given.
   */
  async reverse(port: number, receive: (socket: Duplex) => void): Promise<Tunnel> {
    const tunnel: Kept = { port: 0, asked: port, receive, close: () => this.closeTunnel(tunnel) };
    await this.forward(await this.connected(), tunnel);
    this.tunnels.add(tunnel);
    return tunnel;
  }

  /** Whether the server itself opens this address; undefined when its sshd does not let us ask. */
  async reaches(host: string, port: number): Promise<boolean | undefined> {
    const client = await this.connected();
    const knock = new Promise<boolean | undefined>((resolve) =>
      client.forwardOut(LOOPBACK, 0, host, port, (error, channel) => {
        channel?.close();
        resolve(error ? ((error as { reason?: number }).reason === PROHIBITED ? undefined : false) : true);
      }),
    );
    return inTime(knock, OPEN_MILLISECONDS, () => new Error('late')).catch(() => false);
  }

  /** For the enrolment alone. Output is cut at 1 MiB each; throws `Unavailable('ssh-command-slow')`. */
  async exec(argv: string[], options: { stdin?: string; timeoutSeconds?: number } = {}): Promise<ExecResult> {
    assertStillMine();
    const { stdin = '', timeoutSeconds = EXEC_SECONDS } = options;
    const channel = await this.ask<ClientChannel>((client, done) => client.exec(quoteArgv(argv), done));
    const late = (): Error =>
      new Unavailable('ssh-command-slow', { server: this.login.server, program: argv[0]!, seconds: timeoutSeconds });
    let stop: (error: Error) => void = () => undefined;
    const broken = new Promise<never>((_, reject) => (stop = reject));
    this.underway.add(stop);
    try {
      return await inTime(Promise.race([outcomeOf(channel, stdin), broken]), timeoutSeconds * 1000, late);
    } finally {
      this.underway.delete(stop);
      channel.close();
    }
  }

  /** Ends what is under way; the link is not used again. */
  async close(): Promise<void> {
    this.isClosed = true;
    this.tunnels.clear();
    const client = await this.client?.catch(() => undefined);
    client?.destroy();
  }

  /** All who ask meanwhile wait for the same login: never two at a time to one server. */
  private connected(): Promise<Client> {
    if (this.isClosed) return Promise.reject(this.away('the link was closed'));
    if (this.client) return this.client;
    const opening = this.open();
    this.client = opening;
    opening.catch(() => this.client === opening && (this.client = undefined));
    return opening;
  }

  private async open(): Promise<Client> {
    // After a loss many come back at once, from other workers too.
    if (this.losses > 0) await this.clock.sleep(Math.random() * FIRST_PAUSE);
    const client = await logIn(await this.latest());
    const lose = (): void => this.lose(client);
    client.once('error', lose).once('end', lose).once('close', lose);
    client.on('tcp connection', (details, accept, reject) => this.receive(details, accept, reject));
    return client;
  }

  private lose(lost: Client): void {
    void this.client?.then(
      (client) => {
        if (client !== lost) return;
        this.client = undefined;
        this.losses += 1;
        for (const tunnel of this.tunnels) tunnel.port = 0;
        void this.comeBack();
      },
      () => undefined,
    );
    const error = this.away('the connection broke');
    for (const tell of [...this.underway]) tell(error);
    this.underway.clear();
    lost.destroy();
  }

  /** Nobody asks on behalf of a tunnel: it is opened again without being asked. */
  private async comeBack(): Promise<void> {
    for (let pause = FIRST_PAUSE; this.tunnels.size > 0 && !this.isClosed; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      if (await this.restore().catch(() => false)) return;
      await this.clock.sleep(pause * (0.5 + Math.random()));
    }
  }

  /** True when every tunnel stands again; a fixed port may be held by the connection that broke for a while. */
  private async restore(): Promise<boolean> {
    const client = await this.connected();
    for (const tunnel of this.tunnels) if (tunnel.port === 0) await this.forward(client, tunnel);
    return true;
  }

  /** Opens a channel; a server that does not even do that in time is not there. */
  private async ask<T>(open: (client: Client, done: Done<T>) => unknown): Promise<T> {
    const client = await this.connected();
    const asked = new Promise<T>((resolve, reject) =>
      open(client, (error, opened) => (error ? reject(this.away(error.message, error)) : resolve(opened))),
    );
    return inTime(asked, OPEN_MILLISECONDS, () => {
      this.lose(client);
      return this.away('no answer');
    }).catch((error: unknown) => {
      throw error instanceof Away ? error : this.away((error as Error).message, error);
    });
  }

  private keep(channel: ClientChannel): Duplex {
    const socket = socketOf(channel);
    const stop = (error: Error): void => void socket.destroy(error);
    this.underway.add(stop);
    socket.once('close', () => this.underway.delete(stop));
    return socket;
  }

  private forward(client: Client, tunnel: Kept): Promise<void> {
    const { server } = this.login;
    return inTime(
      new Promise<void>((resolve, reject) => {
        client.forwardIn(LOOPBACK, tunnel.asked, (error, port) => {
          if (error) return reject(refusalOf(server, tunnel.asked, error));
          tunnel.port = port;
          resolve();
        });
      }),
      OPEN_MILLISECONDS,
      () => this.away('no answer'),
    );
  }

  private receive({ destPort }: TcpConnectionDetails, accept: () => ClientChannel, reject: () => void): void {
    const tunnel = [...this.tunnels].find(({ port }) => port === destPort);
    if (!tunnel) return reject();
    tunnel.receive(this.keep(accept()));
  }

  private async closeTunnel(tunnel: Kept): Promise<void> {
    this.tunnels.delete(tunnel);
    const client = await this.client?.catch(() => undefined);
    if (tunnel.port > 0) client?.unforwardIn(LOOPBACK, tunnel.port);
    tunnel.port = 0;
  }

  private away(reason: string, cause?: unknown): Away {
    return new Away('server-unreachable', { server: this.login.server, reason }, cause);
  }
}

const refusalOf = (server: string, port: number, error: Error): Conflict =>
  port === 0
    ? new Conflict('tunnel-refused', { server }, error)
    : new Conflict('tunnel-port-taken', { server, port }, error);

type Done<T> = (error: Error | undefined, opened: T) => void;
