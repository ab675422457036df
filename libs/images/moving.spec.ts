import { manifestOf, partsOf } from './manifest.js';
import { following, movedText } from './moving.js';

const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;
const LAYERS = [
  { digest: digest('a'), bytes: 1000 },
  { digest: digest('b'), bytes: 20_000_000 },
  { digest: digest('c'), bytes: 5_500_000 },
];
const of = (letter: string): string => letter.repeat(12);

describe('an image on its way', () => {
  it('counts what the server lacks, and of it what has come', () => {
    const { hear, now } = following(LAYERS);
    hear({ status: 'Pulling from siappakai/opensid' });
    hear({ layer: of('a'), status: 'Already exists' });
    hear({ layer: of('b'), status: 'Pulling fs layer' });
    hear({ layer: of('c'), status: 'Waiting' });
    expect(now()).toEqual({ layers: 3, missing: 2, movedBytes: 0, totalBytes: 25_500_000 });
    hear({ layer: of('b'), status: 'Downloading', bytes: 7_250_000 });
    hear({ layer: of('c'), status: 'Verifying Checksum' });
    expect(now()).toEqual({ layers: 3, missing: 2, movedBytes: 12_750_000, totalBytes: 25_500_000 });
    expect(movedText(now())).toBe('12.8 of 25.5 MB, 2 of 3 layers');
  });

  it('never counts back, nor what is unpacked', () => {
    const { hear, now } = following(LAYERS);
    hear({ layer: of('b'), status: 'Download complete' });
    hear({ layer: of('b'), status: 'Extracting', bytes: 90_000_000 });
    hear({ layer: of('b'), status: 'Retrying in 5 seconds' });
    hear({ layer: of('d'), status: 'Pull complete' });
    expect(now()).toMatchObject({ missing: 1, movedBytes: 20_000_000 });
  });
});

describe('a manifest', () => {
  const text = (layers: object[]): string => JSON.stringify({ config: { digest: digest('f') }, layers });

  it('tells what the image is by its configuration, and each layer once', () => {
    const layer = { digest: digest('a'), size: 7 };
    expect(manifestOf(digest('0'), text([layer, layer]))).toEqual({
      digest: digest('0'),
      imageId: digest('f'),
      layers: [{ digest: digest('a'), bytes: 7 }],
    });
  });

  it('that is none is refused', () => {
    expect(() => manifestOf(digest('0'), '{"manifests": []}')).toThrow('registry-refused');
  });

  it('is asked for by name and tag', () => {
    expect(partsOf('siappakai/opensid:v2601.0.0-ab')).toEqual({ name: 'siappakai/opensid', tag: 'v2601.0.0-ab' });
  });
});
