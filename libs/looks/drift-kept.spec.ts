import { seenOf, wantedOf } from '#test/factories/looks.js';
import { driftOf } from './drift.js';
import type { Wanted } from './wanted.js';

describe('what a desa leaves behind for a day', () => {
  const forward = {
    domain: 'pindah.test',
    site: 'd9',
    to: { server: '10.0.0.7', port: 80, key: 'k' },
    deny: [],
    uploadMiB: 2,
  };
  const wanted = (desa: number): Wanted => ({ ...wantedOf({ desa, runtimes: 1 }), forwards: [forward] });

  it('is no drift: the old gateway passes its visitors on', () => {
    const seen = seenOf(wanted(2));
    expect(driftOf(wanted(2), { ...seen, routes: [...seen.routes!, forward] })).toEqual([]);
  });

  it('wants a gateway, even where no other desa lives', () => {
    const alone = { ...wanted(1), sites: [], runtimes: [] };
    const drift = driftOf(alone, { ...seenOf(alone), containers: [], routes: undefined });
    expect(drift.map(({ kind, key }) => [kind, key])).toContainEqual(['gateway-missing', 'pusat']);
  });

  it('where a desa is wanted is drift, told by the address and never with the key', () => {
    const seen = seenOf(wanted(1));
    const { domain } = wanted(1).sites[0]!;
    const drift = driftOf(wanted(1), { ...seen, routes: [{ ...forward, domain }] });
    expect(drift).toMatchObject([{ kind: 'route-wrong', answer: { to: '10.0.0.7:80' } }]);
  });
});
