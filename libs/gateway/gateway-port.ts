import { isDeepStrictEqual } from 'node:util';
import type { CertificateSeen, Refusal } from './certificate-state.js';

export interface ToRuntime {
  runtime: string;
  port: number;
  gateKey: string;
}

/** The gateway of another server, which takes our word about the visitor because of the key (docs/adr/0035). */
export interface ToServer {
  server: string;
  port: number;
  key: string;
}

/** What a route stands for: a whole domain, or one path of it. */
export interface RoutePlace {
  domain: string;
  /** `/pbb`: this path of the domain and all below it, before the domain's own route; without it, or '': the whole domain. */
  path?: string;
}

/** A route as a value: what the proxy must answer for one domain, or for one path of it. */
export interface Route extends RoutePlace {
  /** `d1307012001`: the name the runtime's web server takes root and socket from. */
  site: string;
  /** Where requests go, or `maintenance` for the maintenance page (503). */
  to: ToRuntime | ToServer | 'maintenance';
  /** Regular expressions answered 404 at the edge, always. Of a path's route each is asked of what stands below the path too. */
  deny: string[];
  uploadMiB: number;
}

/** One word per place: `kurai.desa.id/pbb`. */
export const placeOf = ({ domain, path = '' }: RoutePlace): string => `${domain}${path}`;

export const isSameRoute = (one: Route | undefined, other: Route): boolean =>
  one !== undefined && isDeepStrictEqual({ ...one, path: one.path ?? '' }, { ...other, path: other.path ?? '' });

/** Where a route leads, as a word: `maintenance`, the name of a runtime, or the address of another server's gateway. */
export const leadsTo = (to: Route['to']): string =>
  to === 'maintenance' ? to : 'runtime' in to ? to.runtime : `${to.server}:${to.port}`;

/** What a server has left, in bytes; `diskBytes` is the size of what `freeBytes` is free of. */
export interface Room {
  freeBytes: number;
  diskBytes: number;
  availableMemoryBytes: number;
}

/** The proxy of one server, told by its API, never restarted. */
export interface Gateway {
  /** Starts the proxy container when it is not there, and tells it how it serves HTTPS; idempotent. */
  ensure(): Promise<void>;
  /** In what it is not as wanted: `image`, names of settings, `https`; [] when right or not running. */
  faults(): Promise<string[]>;
  /** As `ensure`, and a container that is held otherwise than wanted is made anew: nobody is let in for some seconds. */
  renew(): Promise<void>;
  /** Certificates that it asked for itself, and what it said of those it could not have. */
  certificates(): Promise<{ standing: CertificateSeen[]; refusals: Refusal[] }>;
  /** SHA-256 of the certificates a visitor of this name is shown, its own first; [] when there is none for it. */
  served(name: string): Promise<string[]>;
  joinNetwork(network: string): Promise<void>;
  /** For a network that goes away again. */
  leaveNetwork(network: string): Promise<void>;
  routes(): Promise<Route[]>;
  route(domain: string, path?: string): Promise<Route | undefined>;
  /** Adds or replaces the route of this place in one atomic call, and no other; in-flight requests finish on the old one. */
  put(route: Route): Promise<void>;
  remove(domain: string, path?: string): Promise<void>;
  /** Puts back all routes after the proxy lost them (restart of the server). */
  restore(routes: Route[]): Promise<void>;
  /** Bytes free where the server's engine keeps its containers and volumes (`df` inside the proxy's container). */
  freeBytes(): Promise<number>;
  /** As `freeBytes`, with the size of that disk and the memory the kernel could still give (`MemAvailable`). */
  room(): Promise<Room>;
  /** GET (with `form`: POST) from inside the gateway to a runtime, as a visitor of `domain` would: no redirect is followed. Body cut at 512 KiB. */
  get(request: {
    runtime: string;
    port: number;
    site: string;
    gateKey: string;
    domain: string;
    path: string;
    timeoutSeconds: number;
    headers?: Record<string, string>;
    form?: Record<string, string>;
  }): Promise<{ status: number; body: string; headers: Record<string, string> }>;
}
