import type { DriftKind } from '#libs/contract/looks.js';
import type { DomainState } from '#libs/gateway/certificate-state.js';
import type { Seen } from '#libs/looks/seen.js';
import type { Wanted } from '#libs/looks/wanted.js';

type Damage = (wanted: Wanted, seen: Seen, at: number) => Seen;

const certified = (seen: Seen, at: number, state: DomainState['state']): Seen => {
  const one = seen.domains![at % seen.domains!.length];
  return { ...seen, domains: seen.domains!.map((domain) => (domain === one ? { ...domain, state } : domain)) };
};

/** What may be wrong with HTTPS of a server, by kind of drift. */
export const HTTPS_DAMAGES: [DriftKind, string, Damage][] = [
  ['gateway-settings', 'another port', (_, seen) => ({ ...seen, gatewayFaults: ['ports'] })],
  ...(['asked', 'failed', 'uncovered', 'ended'] as const).map((state): [DriftKind, string, Damage] => [
    'certificate-missing',
    `a certificate that is ${state}`,
    (_, seen, at) => certified(seen, at, state),
  ]),
  ['certificate-ending', 'a certificate of few days', (_, seen, at) => certified(seen, at, 'ending')],
];
