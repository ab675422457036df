import { NotProved } from '#libs/core/errors.js';
import type { RuntimeSpec } from '#libs/runtimes/runtime-port.js';
import { configIdOf } from '../migration.js';
import type { PageSeen } from './notes.js';
import { actorOf, type RehearsalTarget, type RehearsalTools } from './target.js';
import { Visitor, visitAll, type Tour } from './tour.js';

const NO_TOUR: Tour = { pages: ['/'], administrator: [], errorTexts: [] };
export const tourOf = ({ app }: RehearsalTarget): Tour => app.tour ?? { ...NO_TOUR, pages: [app.health.path] };

/** Public pages, then every page of the menu; the login's own answer is a page like another. */
export async function pathsOf(target: RehearsalTarget, tools: RehearsalTools): Promise<string[]> {
  const { pages, menu } = tourOf(target);
  if (!menu) return pages;
  const rows = await tools.copy.gabungan.query(menu.sql, { configId: await configIdOf(actorOf(target), tools.copy) });
  const own = rows.map((row) => `${menu.prefix}${String(Object.values(row)[0]).replace(/^\/+/, '')}`);
  return [...new Set([...pages, ...own.sort()])];
}

/** Starts the code beside the copy and asks it for every page, signed in when the manifest says how. */
export async function takeTour(
  target: RehearsalTarget,
  tools: RehearsalTools,
  { runtime, paths, before }: { runtime: RuntimeSpec; paths: string[]; before?: PageSeen[] },
): Promise<PageSeen[]> {
  const actor = actorOf(target);
  const tour = tourOf(target);
  await tools.copy.runtimes.ensure(runtime, [actor.site]);
  const visitor = new Visitor(tools.copy.gateway, runtime, actor);
  const refused = tour.login && (await visitor.signIn(tour.login, target.tourPassword));
  if (refused !== undefined && !before)
    throw new NotProved('tour-not-signed-in', { version: runtime.version, status: refused });
  const seen = await visitAll(visitor, paths, tour, before);
  const worst = seen.filter(({ status, error }) => status === null || status >= 500 || error).map(({ path }) => path);
  await tools.say(
    'info',
    `${runtime.version} answered ${seen.length} pages, ${worst.length} failing: ${worst.slice(0, 8).join(' ')}`,
  );
  // Who could sign in before and cannot now has lost every page behind the door.
  return refused === undefined ? seen : [...seen, { path: tour.login!.post, status: 500, error: `login ${refused}` }];
}
