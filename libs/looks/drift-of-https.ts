import type { DomainState } from '#libs/gateway/certificate-state.js';
import type { Answer, Finding } from './drift.js';
import type { Seen } from './seen.js';
import type { Wanted } from './wanted.js';

const DOMAINS_SHOWN = 20;

/** The gateway as it is held and told, and the certificates of the domains it routes: one drift of each kind for a server. */
export function httpsFindings({ server, gateway }: Wanted, seen: Seen): Finding[] {
  const about = { key: server.name, subject: server.name, kabupatenId: server.kabupatenId };
  const isRunning = seen.containers.some(({ name, state }) => name === gateway && state === 'running');
  const judged = (answer: Answer | undefined): Answer =>
    server.isBusy || !isRunning ? 'unknown' : (answer ?? 'unknown');
  const { gatewayFaults: faults, domains } = seen;
  const of = (...states: DomainState['state'][]) => domains?.filter(({ state }) => states.includes(state));
  return [
    {
      kind: 'gateway-settings',
      ...about,
      answer: judged(faults && (faults.length > 0 ? { settings: faults } : 'well')),
    },
    { kind: 'certificate-missing', ...about, answer: judged(answerOf(of('asked', 'failed', 'uncovered', 'ended'))) },
    { kind: 'certificate-ending', ...about, answer: judged(answerOf(of('ending'))) },
  ];
}

function answerOf(domains: DomainState[] | undefined): Answer | undefined {
  if (!domains) return undefined;
  if (domains.length === 0) return 'well';
  const until = domains.flatMap((one) => one.until ?? []).sort()[0] ?? null;
  return {
    count: domains.length,
    domains: domains.slice(0, DOMAINS_SHOWN).map(({ domain }) => domain),
    until,
    reason: domains.find(({ reason }) => reason)?.reason ?? null,
  };
}
