import { fromCaddy, toCaddy } from './caddy-config.js';
import { isSameRoute, type Route } from './gateway-port.js';

const route: Route = {
  domain: 'kurai.example.desa.id',
  site: 'd1307012001',
  to: { runtime: 'sp-opensid-v2601-0-0-a', port: 8080, gateKey: 'k' },
  deny: ['^/\\.', '^/desa/config/'],
  uploadMiB: 25,
};

describe('a route', () => {
  it('read back from the proxy is what was put', () => {
    const stored = JSON.parse(JSON.stringify(toCaddy(route)));
    expect(fromCaddy(stored)).toEqual(route);
    expect(fromCaddy(JSON.parse(JSON.stringify(toCaddy({ ...route, to: 'maintenance' }))))).toEqual({
      ...route,
      to: 'maintenance',
    });
  });
  it("replaces a visitor's own control headers", () => {
    const text = JSON.stringify(toCaddy(route));
    expect(text).toContain('"set":{"X-Siappakai-Site":["d1307012001"],"X-Siappakai-Gate":["k"]');
  });
  it('to the gateway of another server is read back as one, of a host by name or by number', () => {
    for (const server of ['10.0.0.7', 'dua.kab.go.id', '[fd00::7]']) {
      const to = { server, port: 80, key: 'f' };
      expect(fromCaddy(JSON.parse(JSON.stringify(toCaddy({ ...route, to }))))).toEqual({ ...route, to });
    }
  });
  it('shows the key of the other gateway there alone, and never that of the runtime', () => {
    const onward = JSON.stringify(toCaddy({ ...route, to: { server: 'dua', port: 80, key: 'f' } }));
    expect(onward).toMatch(/"delete":\[[^\]]*"X-Siappakai-Gate"\].*"set":\{"X-Siappakai-Forward":\["f"\]/);
    expect(JSON.stringify(toCaddy(route))).toMatch(/"delete":\[[^\]]*"X-Siappakai-Forward"\]/);
  });
  it('denies before anything else', () => {
    const inner = toCaddy(route).handle?.[0]?.routes ?? [];
    expect(inner.slice(0, 2).map(({ handle }) => handle?.[0]?.status_code)).toEqual([404, 404]);
  });
  it('of a path is one of its own, read back as it was put, and denies what stands below too', () => {
    const below: Route = { ...route, path: '/pbb', site: 'd2' };
    const told = toCaddy(below);
    expect(told['@id']).toBe('site-kurai.example.desa.id~pbb');
    expect(fromCaddy(JSON.parse(JSON.stringify(told)))).toEqual(below);
    expect(fromCaddy({ ...told, '@id': 'site-kurai.example.desa.id' })).not.toHaveProperty('path');
    const of = new RegExp(told.match![0]!.path_regexp!.pattern);
    expect(['/pbb', '/pbb/', '/pbb/x'].map((path) => of.test(path))).toEqual([true, true, true]);
    expect(['/', '/pbbx', '/x/pbb', '/PBB'].some((path) => of.test(path))).toBe(false);
    expect(told.handle?.[0]?.routes?.[1]?.match).toEqual([
      { path_regexp: { pattern: '^/desa/config/' } },
      { vars_regexp: { '{http.regexp.below.1}': { pattern: '^/desa/config/' } } },
    ]);
  });
  it('with an empty path is the same as one without', () => {
    expect(toCaddy({ ...route, path: '' })).toEqual(toCaddy(route));
    expect(isSameRoute({ ...route, path: '' }, route)).toBe(true);
    expect(isSameRoute({ ...route, path: '/pbb' }, route)).toBe(false);
    expect(isSameRoute(undefined, route)).toBe(false);
  });
  it('that is not ours is not read', () => expect(fromCaddy({ handle: [] })).toBeUndefined());
});
