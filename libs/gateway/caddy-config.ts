import { rulesFromCaddy, rulesId } from './caddy-rules.js';
import { rulesIn } from './caddy-serve.js';
import { BELOW, type CaddyHandler, type CaddyRoute } from './caddy-words.js';
import type { Route, RoutePlace } from './gateway-port.js';

/** One per place; a name of a domain holds no `~`. */
export const idOf = ({ domain, path = '' }: RoutePlace): string => `site-${domain}${path.replace('/', '~')}`;

/** The path of this route as the proxy knows it: without empty parts, without `..`, decoded. Group 1: what stands below. */
const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const matchOf = ({ domain, path }: RoutePlace) => ({
  host: [domain],
  ...(path ? { path_regexp: { name: BELOW, pattern: `^${literal(path)}(/.*)?$` } } : {}),
});

/** What a site's own route says; all else is said once for all sites (caddy-serve.ts). */
interface SiteVars extends CaddyHandler {
  handler: 'vars';
  site: string;
  rules: string;
  to: 'maintenance' | 'runtime' | 'server';
  dial?: string;
  key?: string;
}

function varsOf({ site, to, ...route }: Route): SiteVars {
  const said = { handler: 'vars', site, rules: rulesId(route) } as const;
  if (to === 'maintenance') return { ...said, to };
  if ('runtime' in to) return { ...said, to: 'runtime', dial: `${to.runtime}:${to.port}`, key: to.gateKey };
  return { ...said, to: 'server', dial: `${to.server}:${to.port}`, key: to.key };
}

/** As small as it can be: with every change the proxy reads all of them anew. */
export const toCaddy = (route: Route): CaddyRoute => ({
  '@id': idOf(route),
  group: 'sites',
  match: [matchOf(route)],
  handle: [varsOf(route)],
});

/** Reads a route back with the rules that are told; undefined for what is not a site's, and for one without its rules, which is led nowhere. */
export function fromCaddy(caddy: CaddyRoute, told: Map<string, CaddyRoute>): Route | undefined {
  const place = placeIn(caddy);
  const said = caddy.handle?.[0] as SiteVars | undefined;
  const rules = told.get(rulesNamed(caddy));
  if (!place || said?.handler !== 'vars' || !rules) return undefined;
  return { ...place, site: said.site, to: leadIn(said), ...rulesFromCaddy(rules) };
}

/** All sites of a gateway, in the order in which they stand. */
export function routesIn(stored: CaddyRoute[]): Route[] {
  const told = rulesIn(stored);
  return stored.flatMap((caddy) => fromCaddy(caddy, told) ?? []);
}

export const rulesNamed = ({ handle }: CaddyRoute): string => (handle?.[0] as SiteVars | undefined)?.rules ?? '';

function placeIn({ '@id': id = '', match }: CaddyRoute): RoutePlace | undefined {
  const domain = match?.[0]?.host?.[0];
  const path = id.split('~')[1];
  const place = domain && { domain, ...(path ? { path: `/${path}` } : {}) };
  return place && idOf(place) === id ? place : undefined;
}

function leadIn({ to, dial = '', key = '' }: SiteVars): Route['to'] {
  const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(dial) ?? [];
  if (to === 'runtime') return { runtime: host, port: Number(port), gateKey: key };
  return to === 'server' ? { server: host, port: Number(port), key } : 'maintenance';
}
