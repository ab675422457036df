import { X509Certificate } from 'node:crypto';
import { CERTIFICATE_DAYS, isDue, newAuthority, signedBy } from './certificates.js';

const DAY = 86_400_000;
const NOW = new Date('2026-01-01T00:00:00Z');

describe('the certificates of a way', () => {
  it('are signed by the authority of their gabungan and by no other', async () => {
    const [own, other] = [await newAuthority('jalur satu'), await newAuthority('jalur satu')];
    const { certificate, key } = await signedBy(own, { name: 'sp-way-satu', use: 'server' });
    const seen = new X509Certificate(certificate);
    const [ours, theirs] = [own, other].map((one) => new X509Certificate(one.certificate));
    expect([ours!.ca, seen.ca]).toEqual([true, false]);
    expect([seen.checkIssued(ours!), seen.verify(ours!.publicKey), seen.verify(theirs!.publicKey)]).toEqual([
      true,
      true,
      false,
    ]);
    expect(seen.checkHost('sp-way-satu')).toBe('sp-way-satu');
    expect(key.reveal()).toContain('-----BEGIN PRIVATE KEY-----');
    expect(JSON.stringify({ key })).not.toContain('PRIVATE');
  });

  it('serve one use each', async () => {
    const authority = await newAuthority('jalur satu');
    const usesOf = async (use: 'server' | 'client'): Promise<string[]> =>
      new X509Certificate((await signedBy(authority, { name: 'satu', use })).certificate).keyUsage;
    expect(await usesOf('server')).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect(await usesOf('client')).toEqual(['1.3.6.1.5.5.7.3.2']);
  });

  it('end after a year, and are due when less than a third of it is left', async () => {
    const { endsAt } = await signedBy(await newAuthority('satu', NOW), { name: 'satu', use: 'client' }, NOW);
    expect(endsAt.getTime() - NOW.getTime()).toBe(CERTIFICATE_DAYS * DAY);
    const at = (days: number): Date => new Date(NOW.getTime() + days * DAY);
    expect([isDue(endsAt, at(243)), isDue(endsAt, at(244))]).toEqual([false, true]);
  });
});
