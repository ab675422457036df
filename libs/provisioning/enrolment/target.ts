import type { ExecResult } from '#libs/servers/docker.js';

export interface EnrolTarget {
  id: string;
  name: string;
  user: string;
  /** Confirmed by a person; without it nobody logs in. */
  hostKey: string | null;
  httpPort: number;
  httpsPort: number;
  /** Whether a missing Docker Engine is installed and the account let into its group. */
  mayInstall: boolean;
}

/** A gabungan on another server, as this one reaches it. */
export interface FarGabungan {
  name: string;
  server: string;
  /** Nobody said where its server is reached when it is missing. */
  host?: string;
  /** Missing until its first way is opened. */
  port?: number;
  /** Whether the port opens from here; undefined when its sshd does not let us ask. */
  isReached?: boolean;
}

/** What an enrolment does to a server, and what it writes down of it. */
export interface EnrolTools {
  /** The fingerprint it shows before anybody logs in. */
  hostKeyShown(): Promise<string>;
  /** Logs in with our key; throws `ssh-login-refused`. */
  logIn(): Promise<void>;
  /** Whether a password is there that was not used yet. */
  hasPassword(): Promise<boolean>;
  /** Puts our key there by that password, which is used up whatever comes of it. */
  placeKey(): Promise<void>;
  exec(argv: string[], options?: { timeoutSeconds?: number }): Promise<ExecResult>;
  /** Groups count from the login on. */
  logInAnew(): Promise<void>;
  engine(): Promise<{ version: string; storageDriver: string }>;
  /** Whether the ports of visitors are held by our own gateway. */
  isOurGateway(): Promise<boolean>;
  /** Those that run on other servers of the kabupaten. */
  gabunganElsewhere(): Promise<FarGabungan[]>;
  /** A port on its loopback that leads to us. Throws `tunnel-refused`. */
  tunnel(): Promise<{ port: number; close(): Promise<void> }>;
  /** Of our own images, those that it lacks. */
  missingImages(): Promise<string[]>;
  bringImages(): Promise<void>;
  now(): number;
  record(facts: Record<string, unknown>): Promise<void>;
  isRecorded(): Promise<boolean>;
  say(level: 'info' | 'warn' | 'error', line: string, step?: string): Promise<void>;
}
