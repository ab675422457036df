import { createHash } from 'node:crypto';
import { BELOW, type CaddyRoute } from './caddy-words.js';
import type { Route } from './gateway-port.js';

/** What is the same for every site of an application: told once per gateway, named by what it says. */
export type Rules = Pick<Route, 'path' | 'deny' | 'uploadMiB'>;

const MIB = 1024 * 1024;

export function rulesId({ path = '', deny, uploadMiB }: Rules): string {
  const said = JSON.stringify([path, deny, uploadMiB]);
  return `rules-${createHash('sha256').update(said).digest('hex').slice(0, 20)}`;
}

/** An application below a path sees the whole path, or what stands below it: neither way leads around a pattern. */
const notFound = (pattern: string, path: string): CaddyRoute => ({
  match: [
    { path_regexp: { pattern } },
    ...(path ? [{ vars_regexp: { [`{http.regexp.${BELOW}.1}`]: { pattern } } }] : []),
  ],
  handle: [{ handler: 'static_response', status_code: 404 }],
  terminal: true,
});

/** A cookie for the whole domain would be the neighbours' too, and theirs of the same name this one's. */
const ownCookies = (path: string): CaddyRoute => ({
  handle: [
    {
      handler: 'headers',
      response: {
        deferred: true,
        replace: {
          'Set-Cookie': [{ search_regexp: String.raw`(?i)(;\s*path=)/(;|\s|$)`, replace: `$1${path}$2` }],
        },
      },
    },
  ],
});

const RULED = { handler: 'vars', ruled: '{http.vars.to}' };

/** A request of a site whose rules are not told here stays without `ruled` and is led nowhere. */
export function rulesToCaddy(rules: Rules): CaddyRoute {
  const { path = '', deny, uploadMiB } = rules;
  const id = rulesId(rules);
  const routes: CaddyRoute[] = [
    ...deny.map((pattern) => notFound(pattern, path)),
    { handle: [{ handler: 'request_body', max_size: uploadMiB * MIB }] },
    ...(path ? [ownCookies(path)] : []),
    { handle: [RULED] },
  ];
  return { '@id': id, match: [{ vars: { rules: [id] } }], handle: [{ handler: 'subroute', routes }] };
}
/** Reads rules back, all but the path, which stands in the route. */
export function rulesFromCaddy({ handle }: CaddyRoute): Omit<Rules, 'path'> {
  const inner = handle?.[0]?.routes ?? [];
  const handlers = inner.flatMap((route) => route.handle ?? []);
  return {
    deny: inner.flatMap(({ match }) => match?.flatMap(({ path_regexp }) => path_regexp?.pattern ?? []) ?? []),
    uploadMiB: (handlers.find(({ handler }) => handler === 'request_body')?.max_size ?? 0) / MIB,
  };
}
