/** The proxy's own words; what Caddy stores is what we read back. */
export interface CaddyRoute {
  '@id'?: string;
  group?: string;
  match?: CaddyMatch[];
  handle?: CaddyHandler[];
  terminal?: boolean;
}

interface CaddyMatch {
  host?: string[];
  path_regexp?: { name?: string; pattern: string };
  vars?: Record<string, string[]>;
  vars_regexp?: Record<string, { pattern: string }>;
}

export interface CaddyHandler {
  handler: string;
  routes?: CaddyRoute[];
  status_code?: number;
  headers?: Record<string, unknown>;
  request?: Record<string, unknown>;
  response?: Record<string, unknown>;
  body?: string;
  max_size?: number;
  upstreams?: { dial: string }[];
  transport?: Record<string, unknown>;
}

/** Variables of a request, as the `vars` handler sets them: any names beside `handler`. */
export type CaddyVars = { handler: 'vars' } & Record<string, string>;

/** Where Caddy shows the path below a route's own (group 1 of the pattern it was matched with). */
export const BELOW = 'below';
