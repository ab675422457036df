import { compareVersions } from '#libs/releases/version.js';

/** A page that shows no readable version is of no version. */
export function isSameVersion(observed: string | null, wanted: string): boolean {
  if (observed === null || observed === wanted) return observed === wanted;
  try {
    return compareVersions(observed, wanted) === 0;
  } catch {
    return false;
  }
}
