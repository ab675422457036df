import { InvalidInput } from '#libs/core/errors.js';
import { render } from '#libs/templates/render.js';
import type { RuntimeSpec, SiteSpec } from './runtime-port.js';

/**
 * A value for php-fpm's settings file. Single quotes keep everything as it stands, double quotes carry the single quote:
 * `it's` becomes `'it'"'"'s'`. php-fpm reads an env value that begins with `$` as the name of another variable, and no
 * quoting changes that; line ends and NUL end a setting. These are refused.
 */
export function quotePool(name: string, value: string): string {
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001f]/.test(value) || value.startsWith('$')) throw new InvalidInput('pool-value-unusable', { name });
  return value === '' ? '""' : value.replace(/'+|[^']+/g, (part) => (part.startsWith("'") ? `"${part}"` : `'${part}'`));
}

export const temporaryFolder = (site: string): string => `/data/${site}/tmp`;

/** What a site's PHP finds in its environment; may carry the owner's account. */
export function environmentOf(spec: RuntimeSpec, { site, domain, values }: SiteSpec): Record<string, string> {
  const known = { ...values, site, domain, version: spec.version };
  const own = Object.entries(spec.app.site.env).map(([name, template]): [string, string] => [
    name,
    render(template, known),
  ]);
  return { HOME: temporaryFolder(site), TMPDIR: temporaryFolder(site), ...Object.fromEntries(own) };
}

/** Answers `/-/live` and never runs a script: php-fpm does not start without a pool. */
export const LIVE_POOL = `[live]
user = 65534
group = 65534
listen = /run/sock/live.sock
listen.mode = 0660
pm = ondemand
pm.max_children = 1
pm.process_idle_timeout = 10s
ping.path = /-/live
`;

/**
 * Files and connections of one process, be it a child of php-fpm or a program that it starts. Times the processes a uid
 * may have (docker/php/runtime) this stays below what the runtime's nginx takes: no desa uses up all its connections.
 */
const FILES_PER_PROCESS = 128;

/** The pool of one site: its uid, its socket, its limits, its environment (facts/runtime 8). */
export function poolOf(spec: RuntimeSpec, site: SiteSpec): string {
  const { children, memoryLimitMiB, executionSeconds, uploadMiB } = spec.app.site;
  const folder = temporaryFolder(site.site);
  const limits = {
    memory_limit: `${memoryLimitMiB}M`,
    max_execution_time: executionSeconds,
    upload_max_filesize: `${uploadMiB}M`,
    post_max_size: `${uploadMiB + 1}M`,
  };
  const folders = { upload_tmp_dir: folder, sys_temp_dir: folder, 'session.save_path': folder };
  return `; #uid ${site.uid}
[${site.site}]
user = ${site.uid}
group = ${site.uid}
listen = /run/sock/${site.site}.sock
listen.mode = 0660
pm = ondemand
pm.max_children = ${children}
pm.process_idle_timeout = 10s
pm.max_requests = 500
request_terminate_timeout = ${executionSeconds + 30}s
rlimit_files = ${FILES_PER_PROCESS}
security.limit_extensions = .php
${lines('php_admin_value', { ...limits, ...folders })}
${lines('env', environmentOf(spec, site))}
`;
}

const lines = (setting: string, values: Record<string, string | number>): string =>
  Object.entries(values)
    .map(([name, value]) => `${setting}[${name}] = ${quotePool(name, String(value))}`)
    .join('\n');
