import { createHash } from 'node:crypto';
import * as names from '#libs/catalog/names.js';
import type { Secret } from '#libs/core/secret.js';

/** What one end shows to the other, and by whom the other's has to be signed. */
export interface Papers {
  authority: string;
  certificate: string;
  key: Secret;
}

/** On the server of the gabungan: a published port that lets in who is named. */
export interface WayIn {
  gabungan: string;
  port: number;
  papers: Papers;
  /** Ids of the ways that are open; each stands in a certificate. */
  allowed: readonly string[];
}

/** On another server, under the name of the database. */
export interface WayDoor {
  gabungan: string;
  /** Where the way in is reached from there. */
  to: { host: string; port: number };
  papers: Papers;
}

/** Files of one end, by their names in /way. */
export type WayFiles = Readonly<Record<string, string>>;

/** Inside the container; the published one is another. */
export const WAY_IN_PORT = 7306;
export const DATABASE_PORT = 3306;
/** As many as the database itself takes. */
export const CONNECTIONS = 6000;

/**
 * A migration may say nothing for hours, and a peer that is gone says nothing either: the kernel asks after a minute.
 */
const COMMON = `global
  maxconn ${CONNECTIONS}
  no strict-limits
  nbthread 2
  log stdout format raw local0 notice
defaults
  mode tcp
  log global
  option dontlognull
  option dontlog-normal
  option clitcpka
  option srvtcpka
  clitcpka-idle 60s
  clitcpka-intvl 10s
  clitcpka-cnt 3
  srvtcpka-idle 60s
  srvtcpka-intvl 10s
  srvtcpka-cnt 3
  timeout connect 5s
  timeout client 8h
  timeout server 8h
  timeout client-fin 30s
  timeout server-fin 30s
`;

/** The database may come back at another address of its network: its name is asked for again and again. */
const wayInConfig = (gabungan: string): string => `${COMMON}resolvers engine
  nameserver engine 127.0.0.11:53
  hold valid 2s
  hold nx 2s
frontend in
  bind :${WAY_IN_PORT} ssl crt /way/own.pem ca-file /way/authority.pem verify required ssl-min-ver TLSv1.3
  tcp-request session reject unless { ssl_c_s_dn(cn) -m str -f /way/allowed }
  default_backend database
backend database
  server database ${names.gabunganContainer(gabungan)}:${DATABASE_PORT} resolvers engine resolve-prefer ipv4 init-addr last,libc,none
`;

/** Opened on the network of the gabungan alone: only there it has the name of the database. */
const doorConfig = ({ gabungan, to }: WayDoor): string => `${COMMON}frontend door
  bind ${names.gabunganContainer(gabungan)}:${DATABASE_PORT}
  default_backend way
backend way
  server way ${to.host}:${to.port} ssl crt /way/own.pem ca-file /way/authority.pem verify required verifyhost ${names.wayIn(gabungan)} sni str(${names.wayIn(gabungan)}) ssl-min-ver TLSv1.3 check no-check-ssl inter 10s downinter 2s fall 2 rise 1
`;

const papersOf = ({ authority, certificate, key }: Papers): WayFiles => ({
  'authority.pem': authority,
  'own.pem': `${certificate}${key.reveal()}`,
});

export const wayInFiles = ({ gabungan, papers, allowed }: WayIn): WayFiles => ({
  ...papersOf(papers),
  allowed: `${[...allowed].sort().join('\n')}\n`,
  'way.cfg': wayInConfig(gabungan),
});

export const doorFiles = (door: WayDoor): WayFiles => ({ ...papersOf(door.papers), 'way.cfg': doorConfig(door) });

/** Tells whether what an end goes by is what is wanted, without reading its key back. */
export const digestOf = (files: WayFiles): string =>
  createHash('sha256')
    .update(JSON.stringify(Object.entries(files).sort()))
    .digest('hex');
