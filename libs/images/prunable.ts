/** A release as it matters to an image: whether somebody stands on it, may go back to it, or is about to move to it. */
export interface KnownRelease {
  app: string;
  image: string;
  builtAt: Date;
  isKept: boolean;
}

const NEWEST = 2;
/** What was built lately may be about to be used by somebody who has not said so yet. */
export const YOUNG_DAYS = 7;
const DAY_MILLISECONDS = 86_400_000;

/**
 * Images of releases that may go from a server: neither kept, nor young, nor among the newest two of their application,
 * nor under a container. An image that is no known release's is nobody's to remove.
 */
export function prunable(
  images: readonly { id: string; names: readonly string[] }[],
  releases: readonly KnownRelease[],
  used: ReadonlySet<string>,
  now: Date,
): string[] {
  const going = new Set(releases.filter((release) => mayGo(release, releases, now)).map(({ image }) => image));
  const isFree = ({ id, names }: { id: string; names: readonly string[] }): boolean =>
    ![id, ...names].some((name) => used.has(name));
  return images.filter(isFree).flatMap(({ names }) => names.filter((name) => going.has(name)));
}

function mayGo(release: KnownRelease, all: readonly KnownRelease[], now: Date): boolean {
  const isYoung = now.getTime() - release.builtAt.getTime() < YOUNG_DAYS * DAY_MILLISECONDS;
  if (release.isKept || isYoung) return false;
  const newer = all.filter(({ app, builtAt }) => app === release.app && builtAt > release.builtAt);
  return newer.length >= NEWEST;
}
