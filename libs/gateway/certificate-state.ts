import { covers, type HttpsWay } from './https.js';

/** A certificate as it stands, without its key. */
export interface CertificateSeen {
  names: string[];
  from: Date;
  until: Date;
}

/** What the proxy said of a certificate that it could not have. */
export interface Refusal {
  domain: string;
  reason: string;
}

/** `uncovered`: nobody asks for one, and those that were given do not cover it. `asked`: it is on its way. */
export interface DomainState {
  domain: string;
  state: 'valid' | 'ending' | 'ended' | 'asked' | 'failed' | 'uncovered';
  /** ISO 8601. */
  until: string | null;
  /** Why there is none, or why it was not renewed, in the authority's words. */
  reason: string | null;
}

export interface CertificatesSeen {
  way: HttpsWay;
  certificates: CertificateSeen[];
  refusals: Refusal[];
  /** As the last look saw it: a reason that the proxy no longer repeats still holds while nothing has changed. */
  before: DomainState[];
  now: Date;
}

const DAY = 86_400_000;
const WARN_DAYS = 14;

export const statesOf = (domains: string[], seen: CertificatesSeen): DomainState[] =>
  seen.way === 'off' ? [] : domains.map((domain) => stateOf(domain, seen));

function stateOf(domain: string, seen: CertificatesSeen): DomainState {
  const [best] = seen.certificates
    .filter(({ names }) => names.some((name) => covers(name, domain)))
    .sort((a, b) => b.until.getTime() - a.until.getTime());
  const state = best ? stateOfStanding(best, seen) : undefined;
  const until = best?.until.toISOString() ?? null;
  if (state === 'valid') return { domain, state, until, reason: null };
  const reason = reasonOf(domain, seen);
  if (state) return { domain, state, until, reason };
  if (seen.way === 'own') return { domain, state: 'uncovered', until, reason: null };
  return { domain, state: reason ? 'failed' : 'asked', until, reason };
}

/** One that renews itself is late when less than a quarter of its life is left; some live a few days. */
function stateOfStanding(
  { from, until }: CertificateSeen,
  { way, now }: CertificatesSeen,
): 'valid' | 'ending' | 'ended' {
  const left = until.getTime() - now.getTime();
  if (left <= 0) return 'ended';
  const quarter = (until.getTime() - from.getTime()) / 4;
  const warning = way === 'own' ? WARN_DAYS * DAY : Math.min(WARN_DAYS * DAY, quarter);
  return left < warning ? 'ending' : 'valid';
}

function reasonOf(domain: string, { refusals, before }: CertificatesSeen): string | null {
  const said = refusals.findLast((one) => one.domain === domain)?.reason;
  return said ?? before.find((one) => one.domain === domain)?.reason ?? null;
}
