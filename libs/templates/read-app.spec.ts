import { parseManifest } from './read-app.js';

describe('a manifest', () => {
  it('that is not YAML tells the line', () =>
    expect(() => parseManifest('app: [', 'app.yaml')).toThrow(/app\.yaml:1:\d+/));
  it('with an unknown word tells line and word', () =>
    expect(() => parseManifest('app: toy\nscope: village\n', 'app.yaml')).toThrow(/app\.yaml:2:8: scope: /));
  it('that lacks a part names the part', () => expect(() => parseManifest('app: toy\n', 'app.yaml')).toThrow(/health/));
});
