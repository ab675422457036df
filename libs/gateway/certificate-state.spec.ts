import { refusalIn } from './drivers/certificates.js';
import { statesOf, type CertificatesSeen } from './certificate-state.js';

const now = new Date('2026-11-01T00:00:00Z');
const day = (days: number): Date => new Date(now.getTime() + days * 86_400_000);
const stateOf = (domain: string, seen: Partial<CertificatesSeen>) =>
  statesOf([domain], { way: 'acme', certificates: [], refusals: [], before: [], now, ...seen })[0];
const lasting = (from: number, until: number, ...names: string[]) => ({ names, from: day(from), until: day(until) });

describe('the certificate of a domain', () => {
  it.each([
    ['valid', 'own', lasting(-300, 15, 'a.test')],
    ['ending', 'own', lasting(-300, 13, 'a.test')],
    ['ended', 'own', lasting(-300, -1, 'a.test')],
    ['valid', 'acme', lasting(-60, 30, 'a.test')],
    ['ending', 'acme', lasting(-77, 13, 'a.test')],
    ['valid', 'acme', lasting(-3, 3, 'a.test')],
    ['ending', 'acme', lasting(-5, 1, 'a.test')],
    ['valid', 'internal', lasting(-0.3, 0.2, 'a.test')],
    ['asked', 'acme', lasting(-1, 80, 'b.test')],
    ['uncovered', 'own', lasting(-1, 80, 'b.test')],
    ['valid', 'own', lasting(-1, 80, '*.test')],
    ['uncovered', 'own', lasting(-1, 80, '*.a.test')],
  ] as const)('is %s by %s', (state, way, certificate) =>
    expect(stateOf('a.test', { way, certificates: [certificate] })?.state).toBe(state),
  );

  it('a wildcard covers one word, not two', () =>
    expect(stateOf('x.a.test', { way: 'own', certificates: [lasting(-1, 80, '*.test')] })?.state).toBe('uncovered'));

  it('is judged by the one that lasts longest', () =>
    expect(stateOf('a.test', { certificates: [lasting(-90, 1, 'a.test'), lasting(0, 90, '*.test')] })).toEqual({
      domain: 'a.test',
      state: 'valid',
      until: day(90).toISOString(),
      reason: null,
    }));

  it('could not be had: the reason stays until one stands, also when the proxy no longer repeats it', () => {
    const refusals = [
      { domain: 'a.test', reason: 'first' },
      { domain: 'b.test', reason: 'of another' },
      { domain: 'a.test', reason: 'no DNS' },
    ];
    const failed = stateOf('a.test', { refusals })!;
    expect(failed).toMatchObject({ state: 'failed', until: null, reason: 'no DNS' });
    expect(stateOf('a.test', { before: [failed] })).toEqual(failed);
    expect(stateOf('a.test', { before: [failed], certificates: [lasting(0, 90, 'a.test')] })?.reason).toBeNull();
  });

  it('says nothing while HTTPS is off', () => expect(stateOf('a.test', { way: 'off' })).toBeUndefined());
});

it('a refusal is read from the line of the log in which the proxy tells it', () => {
  const line =
    '{"level":"error","ts":1,"logger":"tls.obtain","msg":"could not get certificate from issuer","identifier":"a.test","issuer":"x","error":"HTTP 400 urn:ietf:params:acme:error:dns - NXDOMAIN"}';
  expect(refusalIn(line)).toEqual({
    domain: 'a.test',
    reason: 'HTTP 400 urn:ietf:params:acme:error:dns - NXDOMAIN',
  });
  const told = line.replace('could not get certificate from issuer', 'validating authorization');
  expect(refusalIn(told)?.domain).toBe('a.test');
  expect(refusalIn(line.replace('NXDOMAIN', 'no solvers available for remaining challenges'))).toBeUndefined();
  expect(refusalIn(line.replace('NXDOMAIN', 'context canceled (order=x)'))).toBeUndefined();
  expect(refusalIn('{"level":"warn","msg":"could not get certificate')).toBeUndefined();
  expect(refusalIn('{"level":"error","msg":"other","identifier":"a.test","error":"x"}')).toBeUndefined();
});
