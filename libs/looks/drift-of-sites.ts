import { isProof, type Observation } from '#libs/provisioning/health.js';
import { isSameRoute, leadsTo, placeOf, type Route } from '#libs/gateway/gateway-port.js';
import type { Answer, Finding } from './drift.js';
import type { PageSeen, Seen, SiteParts } from './seen.js';
import type { Wanted, WantedSite } from './wanted.js';

type Kind = 'site-missing' | 'site-silent' | 'site-other' | 'route-missing' | 'route-wrong';

export function siteFindings(wanted: Wanted, seen: Seen): Finding[] {
  const runs = new Set(seen.containers.filter(({ state }) => state === 'running').map(({ name }) => name));
  const routes = new Map(seen.routes?.map((route) => [placeOf(route), route]));
  const gabungan = new Map([...wanted.gabungan, ...wanted.ways].map((one) => [one.name, one]));
  return wanted.sites.flatMap((site) => {
    const of = gabungan.get(site.gabungan);
    const isQuiet = site.isBusy || (of?.isBusy ?? false);
    const canAnswer = runs.has(site.runtime) && seen.live.get(site.runtime) === true && (!of || runs.has(of.container));
    const missing = isQuiet || !runs.has(site.runtime) ? 'unknown' : missingAnswer(site, seen);
    const page = isQuiet || !canAnswer || missing !== 'well' ? undefined : seen.pages.get(site.installationId);
    const route =
      isQuiet || !seen.routes ? undefined : { found: routes.get(placeOf(site.route)), isMoving: of?.isMoving };
    const answers: Record<Kind, Answer> = {
      'site-missing': missing,
      ...pageAnswers(site, page),
      ...routeAnswers(site, route),
    };
    const { label, kabupatenId, desaId, app } = site;
    const about = { key: `${site.site}-${app}`, subject: label, kabupatenId, desaId, app };
    return (Object.entries(answers) as [Kind, Answer][]).map(([kind, answer]) => ({ kind, ...about, answer }));
  });
}

const NOTHING: SiteParts = { pool: false, tree: false, socket: false };

function missingAnswer({ runtime, site }: WantedSite, { standing }: Seen): Answer {
  const sites = standing.get(runtime);
  if (!sites) return 'unknown';
  const parts = sites.get(site) ?? NOTHING;
  const missing = (Object.keys(parts) as (keyof SiteParts)[]).filter((part) => !parts[part]);
  return missing.length === 0 ? 'well' : { runtime, missing };
}

function pageAnswers(site: WantedSite, page: PageSeen | undefined): { 'site-silent': Answer; 'site-other': Answer } {
  if (!page) return { 'site-silent': 'unknown', 'site-other': 'unknown' };
  if ('failure' in page) return { 'site-silent': { status: page.failure, words: '' }, 'site-other': 'unknown' };
  const { status, title, version, words } = page;
  const isPage = status === 200 && title !== null && version !== null;
  if (!isPage) return { 'site-silent': { status, words }, 'site-other': 'unknown' };
  const other = { title, wantedTitle: site.title, version, wantedVersion: site.version };
  return { 'site-silent': 'well', 'site-other': isRight(site, page) ? 'well' : other };
}

/** A version that is none is another one. */
export function isRight(site: Pick<WantedSite, 'title' | 'version'>, page: Observation): boolean {
  try {
    return isProof(page, site.title, site.version);
  } catch {
    return false;
  }
}

function routeAnswers(
  { route, runtime }: WantedSite,
  looked: { found?: Route; isMoving?: boolean } | undefined,
): { 'route-missing': Answer; 'route-wrong': Answer } {
  if (!looked) return { 'route-missing': 'unknown', 'route-wrong': 'unknown' };
  const { found, isMoving } = looked;
  if (!found) return { 'route-missing': { domain: placeOf(route) }, 'route-wrong': 'well' };
  if (found.to === 'maintenance' && isMoving) return { 'route-missing': 'well', 'route-wrong': 'unknown' };
  const isSame = isSameRoute(found, route);
  const wrong = { domain: placeOf(route), to: leadsTo(found.to), wantedRuntime: runtime };
  return { 'route-missing': 'well', 'route-wrong': isSame ? 'well' : wrong };
}
