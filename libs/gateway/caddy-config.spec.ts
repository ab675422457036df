import { routesIn, toCaddy } from './caddy-config.js';
import { rulesToCaddy } from './caddy-rules.js';
import { serveRoute } from './caddy-serve.js';
import type { CaddyRoute } from './caddy-words.js';
import { isSameRoute, type Route } from './gateway-port.js';

const route: Route = {
  domain: 'kurai.example.desa.id',
  site: 'd1307012001',
  to: { runtime: 'sp-opensid-v2601-0-0-a', port: 8080, gateKey: 'k' },
  deny: ['^/\\.', '^/desa/config/'],
  uploadMiB: 25,
};

/** As the proxy keeps them: one after the other, and what is done for all behind them. */
const stored = (routes: Route[], rules = routes): CaddyRoute[] =>
  JSON.parse(JSON.stringify([...routes.map(toCaddy), serveRoute(rules)])) as CaddyRoute[];
const onward: Route = { ...route, to: { server: 'dua', port: 80, key: 'f' } };
const below: Route = { ...route, path: '/pbb', site: 'd2' };

describe('a route', () => {
  it('read back from the proxy is what was put', () => {
    const servers = ['10.0.0.7', 'dua.kab.go.id', '[fd00::7]'].map((server): Route => ({
      ...onward,
      to: { server, port: 80, key: 'f' },
    }));
    const all: Route[] = [route, { ...route, to: 'maintenance' }, below, ...servers];
    for (const one of all) expect(routesIn(stored([one]))).toEqual([one]);
    expect(routesIn(stored(all))).toEqual(all);
  });
  it('says where it leads and no more: all of them are read with every change', () =>
    expect(JSON.stringify(toCaddy({ ...route, deny: Array<string>(40).fill('^/x') })).length).toBeLessThan(300));
  it('whose rules are not told is not there: nobody is led by it', () => {
    expect(routesIn(stored([route], []))).toEqual([]);
    expect(routesIn(stored([route], [{ ...route, deny: [] }]))).toEqual([]);
  });
  it('of a path is one of its own', () => {
    const told = toCaddy(below);
    expect(told['@id']).toBe('site-kurai.example.desa.id~pbb');
    expect(routesIn([{ ...told, '@id': 'site-kurai.example.desa.id' }, serveRoute([below])])[0]).not.toHaveProperty(
      'path',
    );
    const of = new RegExp(told.match![0]!.path_regexp!.pattern);
    expect(['/pbb', '/pbb/', '/pbb/x'].map((path) => of.test(path))).toEqual([true, true, true]);
    expect(['/', '/pbbx', '/x/pbb', '/PBB'].some((path) => of.test(path))).toBe(false);
  });
  it('with an empty path is the same as one without', () => {
    expect(toCaddy({ ...route, path: '' })).toEqual(toCaddy(route));
    expect(isSameRoute({ ...route, path: '' }, route)).toBe(true);
    expect(isSameRoute({ ...route, path: '/pbb' }, route)).toBe(false);
    expect(isSameRoute(undefined, route)).toBe(false);
  });
  it('that is not ours is not read', () => expect(routesIn([{ handle: [] }, serveRoute([])])).toEqual([]));
});

describe('rules', () => {
  it('are told once for all sites of an application, and others beside them', () => {
    const other = { ...route, domain: 'b.test' };
    const names = (all: Route[]) =>
      all.map((one) => toCaddy(one).handle?.[0]).map((said) => (said as { rules?: string }).rules);
    const [one, two, path, smaller] = names([route, other, below, { ...route, uploadMiB: 2 }]);
    expect(one).toBe(two);
    expect(new Set([one, path, smaller]).size).toBe(3);
  });
  it('deny before anything else, and let a request go on only at their end', () => {
    const inner = rulesToCaddy(route).handle?.[0]?.routes ?? [];
    expect(inner.slice(0, 2).map(({ handle }) => handle?.[0]?.status_code)).toEqual([404, 404]);
    expect(inner.at(-1)?.handle).toEqual([{ handler: 'vars', ruled: '{http.vars.to}' }]);
  });
  it('of a path deny what stands below too', () =>
    expect(rulesToCaddy(below).handle?.[0]?.routes?.[1]?.match).toEqual([
      { path_regexp: { pattern: '^/desa/config/' } },
      { vars_regexp: { '{http.regexp.below.1}': { pattern: '^/desa/config/' } } },
    ]));
});

describe('what is done for all sites', () => {
  const text = JSON.stringify(serveRoute([]));
  it("replaces a visitor's own control headers", () =>
    expect(text).toContain('"set":{"X-Siappakai-Site":["{http.vars.site}"],"X-Siappakai-Gate":["{http.vars.key}"]'));
  it('shows the key of the other gateway there alone, and never that of the runtime', () => {
    expect(text).toMatch(/"delete":\[[^\]]*"X-Siappakai-Gate"\],"set":\{"X-Siappakai-Forward":\["\{http.vars.key\}"\]/);
    expect(text).toMatch(/"delete":\[[^\]]*"X-Siappakai-Forward"\],"set":\{"X-Siappakai-Site"/);
  });
  it('is done only for those that their rules let go on', () => {
    const ways = (serveRoute([]).handle?.[0]?.routes ?? []).slice(1);
    expect(ways.map(({ match }) => match)).toEqual([
      [{ vars: { ruled: ['maintenance'] } }],
      [{ vars: { ruled: ['runtime'] } }],
      [{ vars: { ruled: ['server'] } }],
    ]);
  });
});
