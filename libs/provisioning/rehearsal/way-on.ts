import { compareVersions } from '#libs/releases/version.js';

export interface CatalogueEntry {
  version: string;
  minimumVersion: string | null;
  state: string;
}

const accepts = ({ minimumVersion }: CatalogueEntry, running: string): boolean =>
  !minimumVersion || compareVersions(running, minimumVersion) >= 0;

/**
 * Which release of the catalogue to take instead: the nearest later one that accepts what is running by its minimum
 * version, else the nearest earlier one that is still a step forward. `-` when there is none.
 */
export function wayOn(running: string, refused: string, catalogue: CatalogueEntry[]): string {
  const able = catalogue
    .filter(({ version, state }) => version !== refused && state !== 'withdrawn' && state !== 'failed')
    .filter((entry) => compareVersions(entry.version, running) > 0 && accepts(entry, running))
    .map(({ version }) => version)
    .sort(compareVersions);
  const later = able.find((version) => compareVersions(version, refused) > 0);
  return later ?? able.at(-1) ?? '–';
}
