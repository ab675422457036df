import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HttpsShown } from '#libs/contract/https.js';
import { EXIT } from './exit-codes.js';
import { FakeDashboard, fakeTerminal, json } from './fake-dashboard.js';
import { siappakai } from './program.js';

const run = { id: 'r1', verb: 'https', app: null, subjectLabel: 'pusat', state: 'queued', waiting: null };
const seen: HttpsShown = {
  ...{ server: 'pusat', way: 'off', email: null, directory: null, hasAuthority: false, trustedProxies: [] },
  ...{ port: 443, address: '0.0.0.0', certificates: [], domains: [], lookedAt: null },
};
const say = async (routes: ConstructorParameters<typeof FakeDashboard>[0], ...argv: string[]) => {
  const api = new FakeDashboard(routes);
  const terminal = fakeTerminal(api);
  const exit = await siappakai(['server', 'https', ...argv, '--lang', 'en'], terminal);
  return { exit, asked: api.asked, ...terminal.said };
};
const put = { 'PUT /servers/pusat/https': () => json(run, 202) };
const folder = mkdtempSync(join(tmpdir(), 'https-'));
const file = (name: string): string => {
  writeFileSync(join(folder, name), `text of ${name}`);
  return join(folder, name);
};

describe('siappakai server https', () => {
  it('gives certificates and their keys, pair after pair', async () => {
    const pairs = ['a.pem', 'a.key', 'b.pem', 'b.key'].map(file);
    const { exit, asked } = await say(put, 'pusat', '--own', ...pairs);
    expect(exit).toBe(EXIT.done);
    expect(asked[0]?.body).toEqual({
      ...{ way: 'own', trustedProxies: [], dryRun: false },
      certificates: [
        { certificate: 'text of a.pem', key: 'text of a.key' },
        { certificate: 'text of b.pem', key: 'text of b.key' },
      ],
    });
  });

  it('asks for automatic ones of an authority of its own, behind proxies', async () => {
    const ca = file('ca.pem');
    const wish = [
      '--acme',
      'a@kab.id',
      '--directory',
      'https://ca.kab.id/dir',
      '--ca',
      ca,
      '--trust',
      '10.0.0.1,10.1.0.0/16',
    ];
    const { asked } = await say(put, 'pusat', ...wish);
    expect(asked[0]?.body).toEqual({
      ...{ way: 'acme', email: 'a@kab.id', directory: 'https://ca.kab.id/dir', authority: 'text of ca.pem' },
      ...{ trustedProxies: ['10.0.0.1', '10.1.0.0/16'], dryRun: false },
    });
  });

  it.each([[[]], [['--off', '--internal']], [['--own', file('lonely.pem')]]])(
    'asks for nothing with %j',
    async (argv) => {
      const { exit, asked, error } = await say({}, 'pusat', ...argv);
      expect([exit, asked.length, error.length]).toEqual([EXIT.usage, 0, 1]);
    },
  );

  it('shows what is missing while it is off', async () => {
    const { out } = await say({ 'GET /servers/pusat/https': () => json(seen) }, 'show', 'pusat');
    expect(out.join('\n')).toMatch(/Sites of this server are HTTP still[\s\S]*--acme/);
  });

  it('shows how the certificate of each domain stands', async () => {
    const domains: HttpsShown['domains'] = [
      { domain: 'a.test', state: 'valid', until: '2027-01-01T00:00:00.000Z', reason: null },
      { domain: 'b.test', state: 'failed', until: null, reason: 'NXDOMAIN' },
    ];
    const { out } = await say(
      { 'GET /servers/pusat/https': () => json({ ...seen, way: 'acme', domains }) },
      'show',
      'pusat',
    );
    expect(out.slice(-2)).toEqual([
      expect.stringMatching(/^a\.test +valid +2027-01-01/),
      expect.stringMatching(/^b\.test +could not be had +– +NXDOMAIN/),
    ]);
  });
});
