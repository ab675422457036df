import { InvalidInput } from '#libs/core/errors.js';
import type { Address } from '#libs/templates/address.js';
import type { App } from '#libs/templates/manifest.js';

/** nginx strips one backslash before these; line ends would end the setting. */
const quoted = (pattern: string): string => {
  if (/[\r\n]/.test(pattern)) throw new InvalidInput('pattern-unusable', { pattern });
  return `"${pattern.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
};
const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const missing = (pattern: string): string => `  location ~ ${quoted(pattern)} { return 404; }`;

/** The path a visitor asks for, of a path of the tree; undefined when it lies outside what is served. */
function served(docroot: string, path: string): string | undefined {
  if (docroot === '') return `/${path}`;
  return path.startsWith(`${docroot}/`) ? path.slice(docroot.length) : undefined;
}

/** Uploads: no link is followed, or a desa would read its neighbour through nginx (facts/runtime 2). */
const upload = (url: string, folder: string): string =>
  `  location ~ ${quoted(`^${literal(url)}/(?<file>.+)$`)} { alias /data/$site/${folder}/$file; disable_symlinks on from=/data/$site; }`;

const uploads = ({ site: { docroot, state }, routes }: App): string[] => [
  ...Object.entries(routes.static).map(([url, folder]) => upload(url, folder)),
  ...Object.entries(state).flatMap(([path, folder]) => {
    const url = served(docroot, path);
    return url ? [upload(url, folder)] : [];
  }),
];

const volatile = ({ site: { docroot, volatile: folders } }: App): string[] =>
  Object.keys(folders).flatMap((path) => {
    const url = served(docroot, path);
    return url ? [missing(`^${literal(url)}(/|$)`)] : [];
  });

/** Only the gateway and the control plane know the key; the word `operator` is never sent for a visitor. Letters, digits, `-` and `_`. */
export function gateOf(key: string): string {
  if (!/^[\w-]{16,128}$/.test(key)) throw new InvalidInput('gate-key-unusable', {});
  return ['gate', 'operator']
    .map((word) => `map $http_x_siappakai_${word} $from_${word} { default 0; "${key}" 1; }\n`)
    .join('');
}

const PASS = `    include /etc/nginx/fastcgi_params;
    fastcgi_param DOCUMENT_ROOT $document_root;
    fastcgi_param HTTPS $https_on if_not_empty;
    fastcgi_param HTTP_HOST $http_host;
    fastcgi_param HTTP_X_SIAPPAKAI_GATE "";
    fastcgi_param HTTP_X_SIAPPAKAI_OPERATOR "";
    fastcgi_param HTTP_X_SIAPPAKAI_SITE "";
    fastcgi_param HTTP_PROXY "";
    fastcgi_pass unix:/run/sock/$site.sock;`;

/**
 * An application below a path of a domain. nginx keeps what a map once said, also when it turns to the entry file: so
 * each is asked for once, before.
 */
function addressOf({ path, prefix, rewrites }: Address): { maps: string; asks: string; passes: string } {
  const own = Object.entries(rewrites).map(([from, to]) => `${quoted(from)} ${quoted(`${to}$is_args$args`)}; `);
  const maps = `map $uri $asked { default $request_uri; ${own.join('')}}\n`;
  const asks = '  set $asked_for $asked;\n';
  const passes = '\n    fastcgi_param REQUEST_URI $asked_for;';
  if (prefix === 'own') return { maps, asks, passes };
  return {
    maps: `${maps}map $uri $prefix { default ""; ${quoted(`~^${literal(path)}(/|$)`)} ${path}; }\n`,
    // From here on the path is as the application sees it.
    asks: `${asks}  set $base $prefix;\n  rewrite ${quoted(`^${literal(path)}(?:/(.*))?$`)} /$1;\n`,
    passes,
  };
}

const NO_ADDRESS = { maps: '', asks: '', passes: '' };

/** nginx's server for all sites of a runtime of this application. Order matters: what is denied comes first. */
export function webServerOf(app: App): string {
  const { docroot, entry, uploadMiB } = app.site;
  const front = served(docroot, entry) ?? '/index.php';
  const { maps, asks, passes } = app.address ? addressOf(app.address) : NO_ADDRESS;
  const base = app.address?.prefix === 'base' ? '$base' : '';
  return `${maps}map $request_uri $is_live { default 0; /-/live 1; }
map "$from_gate:$site:$is_live" $refused { default 1; "~^1:.+:0$" 0; "~:1$" 0; }
map $uri $is_hidden { default 0; ${app.routes.deny.map((pattern) => `${quoted(`~${pattern}`)} 1;`).join(' ')} }
# Registration and migration visit pages that no visitor may see.
map "$is_hidden:$from_operator" $denied { default 0; "1:0" 1; }
server {
  listen 8080 default_server;
  root /conf/sites/$site${docroot ? `/${docroot}` : ''};
  client_max_body_size ${uploadMiB + 1}m;
  absolute_redirect off;
  fastcgi_read_timeout 330s;
  fastcgi_buffer_size 64k;
  fastcgi_buffers 16 32k;
  if ($refused) { return 403; }
${asks}  if ($denied) { return 404; }
  location = /-/live {
    include /etc/nginx/fastcgi_params;
    fastcgi_param SCRIPT_FILENAME /-/live;
    fastcgi_pass unix:/run/sock/live.sock;
  }
${[missing('/\\.(?!well-known/)'), ...volatile(app)].join('\n')}
  location ~ ${quoted(`^${literal(front)}(?<path>/.*)?$`)} {
${PASS}${passes}
    fastcgi_param SCRIPT_NAME ${base}${front};
    fastcgi_param SCRIPT_FILENAME $document_root${front};
    fastcgi_param PATH_INFO $path;
  }
${app.routes.php.map((pattern) => ownPhp(pattern, base)).join('\n')}
${missing('\\.(?i:php|phtml|phar|pht)[0-9]*(/|$)')}
${uploads(app).join('\n')}
  location / { try_files $uri ${front}$is_args$args; }
}
`;
}

const ownPhp = (pattern: string, base: string): string => `  location ~ ${quoted(pattern)} {
    try_files $uri =404;
${PASS}
    fastcgi_param SCRIPT_NAME ${base}$fastcgi_script_name;
    fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
  }`;
