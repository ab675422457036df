import { Away, NotProved, Unavailable } from '#libs/core/errors.js';
import type { Secret } from '#libs/core/secret.js';
import { FORWARD } from '#libs/gateway/caddy-serve.js';
import { compareVersions } from '#libs/releases/version.js';
import type { Gateway } from '#libs/gateway/gateway-port.js';
import { render } from '#libs/templates/render.js';
import type { App } from '#libs/templates/manifest.js';
import type { RuntimeSpec } from '#libs/runtimes/runtime-port.js';
import type { DesaTarget, Tools } from './target.js';

export interface Observation {
  status: number;
  title: string | null;
  version: string | null;
  /** The first words of the page, without its tags: what a person would have read. */
  words: string;
}

const WORDS = 200;

const group = (pattern: string, body: string): string | null =>
  new RegExp(pattern, 'is').exec(body)?.[1]?.trim() ?? null;

const ENTITIES: Record<string, string> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#039;': "'",
  '&#39;': "'",
};
const plain = (html: string): string =>
  html
    .replace(/&(?:amp|lt|gt|quot|#0?39);/g, (entity) => ENTITIES[entity] ?? entity)
    .replace(/\s+/g, ' ')
    .trim();

const words = (html: string): string =>
  plain(html.replace(/<(script|style)\b.*?<\/\1>|<[^>]*>/gis, ' ')).slice(0, WORDS);

/** What a page says of itself: pure, over the manifest's patterns. */
export const observe = (health: App['health'], status: number, body: string): Observation => {
  const title = group(health.title, body);
  const version = group(health.version, body);
  return { status, title: title === null ? null : plain(title), version, words: words(body) };
};

/** Asks the site as its runtime answers it: GET, no redirect followed (facts/opensid 4). */
export async function askSite(target: DesaTarget, tools: Tools, runtime: RuntimeSpec): Promise<Observation> {
  const { health } = target.app;
  const answer = await tools.gateway.get({
    runtime: runtime.name,
    port: 8080,
    gateKey: runtime.gateKey.reveal(),
    site: target.site.site,
    domain: target.desa.domain,
    path: health.path,
    timeoutSeconds: 30,
  });
  const seen = observe(health, answer.status, answer.body);
  if (seen.status < 500) return seen;
  const said = await tools.runtimes.lastWords(runtime, target.site.site);
  return { ...seen, words: `${seen.words} ${said}`.trim() };
}

/**
 * Asks as a visitor who is passed on: from one gateway through that of the server where the desa stands, which leads
 * nobody to HTTPS who shows its key. With every change of its routes it closes the streams that are kept: the second one
 * is fresh.
 */
export async function askThrough(
  { app, site, desa }: DesaTarget,
  gateway: Pick<Gateway, 'get'>,
  { host, port, key }: { host: string; port: number; key: Secret },
): Promise<Observation & { site: string | undefined }> {
  const at = { runtime: host, port, site: site.site, gateKey: '', domain: desa.domain };
  const passedOn = { [FORWARD]: key.reveal(), 'X-Forwarded-Proto': 'http' };
  const question = { ...at, headers: passedOn, path: app.health.path, timeoutSeconds: 30 };
  const { status, body, headers } = await gateway.get(question).catch((error: unknown) => {
    if (!(error instanceof Unavailable) || error instanceof Away) throw error;
    return gateway.get(question);
  });
  return { ...observe(app.health, status, body), site: headers['x-site'] };
}

/** The page is 200, its title is as wanted (a pattern) and it names this version. */
export const isProof = ({ status, title, version }: Observation, wantedTitle: string, wantedVersion: string): boolean =>
  status === 200 &&
  title !== null &&
  new RegExp(wantedTitle).test(title) &&
  version !== null &&
  compareVersions(version, wantedVersion) === 0;

/** Throws unless the page is 200, names this desa and shows this version. */
export function proveObservation(target: DesaTarget, seen: Observation, version = target.release.version): void {
  const wanted = render(target.app.health.titleIs, target.site.values);
  if (isProof(seen, wanted, version)) return;
  // What stands between us and the application says so: it may pass.
  const Kind = [502, 503, 504].includes(seen.status) ? Unavailable : NotProved;
  throw new Kind('site-not-proved', {
    domain: target.desa.domain,
    status: seen.status,
    title: seen.title ?? '',
    wantedTitle: wanted,
    version: seen.version ?? '',
    wantedVersion: version,
    words: seen.words,
  });
}
