import { prunable, YOUNG_DAYS, type KnownRelease } from './prunable.js';

const NOW = new Date('2026-06-01T00:00:00Z');
const daysAgo = (days: number): Date => new Date(NOW.getTime() - days * 86_400_000);
const release = (number: number, more: Partial<KnownRelease> = {}): KnownRelease => ({
  app: 'opensid',
  image: `siappakai/opensid:${number}`,
  // The higher the number, the newer; all of them old.
  builtAt: daysAgo(100 - number),
  isKept: false,
  ...more,
});
const image = (number: number, ...more: string[]) => ({
  id: `sha256:${number}`,
  names: [`siappakai/opensid:${number}`, ...more],
});
const ALL = [1, 2, 3, 4];
const goingOf = (
  releases: KnownRelease[],
  used: string[] = [],
  images = ALL.map((number) => image(number)),
): string[] => prunable(images, releases, new Set(used), NOW).map((name) => name.split(':')[1]!);

describe('old images', () => {
  it.each<[string, KnownRelease[], string[], string[]]>([
    ['but the newest two of an application go', ALL.map((number) => release(number)), [], ['1', '2']],
    [
      'that somebody stands on, goes back to or moves to stay',
      ALL.map((number) => release(number, { isKept: number === 1 })),
      [],
      ['2'],
    ],
    ['under a container stay, by name', ALL.map((number) => release(number)), ['siappakai/opensid:2'], ['1']],
    ['under a container stay, by id', ALL.map((number) => release(number)), ['sha256:1'], ['2']],
    [
      'that were built lately stay',
      ALL.map((number) => release(number, { builtAt: daysAgo(YOUNG_DAYS - number / 10) })),
      [],
      [],
    ],
    [
      'are counted for each application',
      ALL.map((number) => release(number, { app: number < 3 ? 'pbb' : 'opensid' })),
      [],
      [],
    ],
    ['of releases that nobody knows stay', [release(5), release(6), release(7), release(8)], [], []],
    [
      'stay without two newer ones, one of the same moment is not newer',
      [1, 2].map((number) => release(number, { builtAt: daysAgo(50) })),
      [],
      [],
    ],
  ])('%s', (_, releases, used, going) => expect(goingOf(releases, used)).toEqual(going));

  it('keep the names that are not ours to remove', () => {
    const named = image(1, 'registri.desa/opensid:1');
    expect(
      prunable(
        [named],
        ALL.map((number) => release(number)),
        new Set(),
        NOW,
      ),
    ).toEqual(['siappakai/opensid:1']);
  });
});
