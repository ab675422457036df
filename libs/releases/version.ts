import { InvalidInput } from '#libs/core/errors.js';

/** `vYYMM.minor.patch[-premium]`: OpenSID and its family since 2023; older `vYY.MM` tags read as month releases. */
export interface Version {
  /** YYMM as a number, e.g. 2410. */
  month: number;
  minor: number;
  patch: number;
  premium: boolean;
}

export interface VersionRange {
  /** First version that fits, inclusive. */
  from?: string;
  /** Last version that fits, inclusive; a bare month (`v2412`) means the whole month. */
  to?: string;
}

// `v2410.0.0`, `V2410.0.1`, `2410`, `v24.10`, `v.24.10`, `v24.10.01`, `24.10-fix`, `v2410.0.0-umum`, `-premium-rev01`, `_premium`
const SHAPE =
  /^v?\.?\s*(?:(\d{4})(?:\.(\d{1,2}))?(?:\.(\d{1,2}))?|(\d{2})\.(\d{2})(?:\.(\d{1,2}))?)(?:[-_. ]?(umum|premium|pre|fix|rev|beta|rc|pasca)[-_.]?.*)?$/i;

const isMonth = (month: number): boolean => month % 100 >= 1 && month % 100 <= 12;

/** Tolerates the misspellings of twenty years of tags. Throws `version-malformed`. */
export function parseVersion(text: string): Version {
  const found = SHAPE.exec(text.trim());
  const month = Number(found?.[1] ?? `${found?.[4]}${found?.[5]}`);
  if (!found || !isMonth(month)) throw new InvalidInput('version-malformed', { version: text });
  return {
    month,
    minor: found[1] ? Number(found[2] ?? 0) : Number(found[6] ?? 0),
    patch: Number(found[3] ?? 0),
    premium: /premium/i.test(text),
  };
}

export const formatVersion = ({ month, minor, patch, premium }: Version): string =>
  `v${String(month).padStart(4, '0')}.${minor}.${patch}${premium ? '-premium' : ''}`;

/** Negative, zero or positive; by month, minor and patch as numbers. The edition does not order. */
export function compareVersions(left: string, right: string): number {
  const [a, b] = [parseVersion(left), parseVersion(right)];
  return a.month - b.month || a.minor - b.minor || a.patch - b.patch;
}

const isBareMonth = (text: string): boolean => /^v?\d{4}$/i.test(text.trim());

export function inRange(version: string, { from, to }: VersionRange): boolean {
  if (from && compareVersions(version, from) < 0) return false;
  if (!to) return true;
  return isBareMonth(to) ? parseVersion(version).month <= parseVersion(to).month : compareVersions(version, to) <= 0;
}
