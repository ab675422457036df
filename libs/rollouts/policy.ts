import type { Policy } from '#libs/contract/rollouts.js';
import { compareVersions, parseVersion } from '#libs/releases/version.js';
import type { Reason, RolloutState } from './rollout.js';
import { localTime, windowAt, type WindowSeen, type Zone } from './window.js';

/** A release of the app as the catalog knows it, of any edition. */
export interface ClockRelease {
  version: string;
  edition: 'umum' | 'premium';
  /** When the clock first saw it; it counts as out since then. */
  foundAt: Date;
  isWithdrawn: boolean;
  /** Fetched, built, shipped to every server of the gabungan, and rehearsed on it. */
  isPrepared: boolean;
}
/** A rollout of this gabungan and app, open or ended. */
export interface ClockRollout {
  id: string;
  version: string;
  state: RolloutState;
  /** Why it is paused, as stored. */
  reason: Reason | null;
  /** The clock opened it; a person's own rollouts are the person's. */
  isByClock: boolean;
}
/** Everything the clock looks at, for one gabungan. Reading it twice and deciding twice comes to the same. */
export interface ClockFacts {
  rules: Policy;
  gabungan: string;
  /** Version of the gabungan; null before its first installation. */
  running: string | null;
  /** Zones of its desa; none means that it has no desa. */
  zones: readonly Zone[];
  releases: readonly ClockRelease[];
  rollouts: readonly ClockRollout[];
  /** Until the first place where a rollout may rest: migration and first wave. Null when nobody knows yet. */
  predictedSeconds: number | null;
}

export type ClockAnswer =
  | { do: 'nothing'; why: Reason }
  /** Allowed at any time: touches no desa. */
  | { do: 'prepare'; version: string }
  /** A draft when `needsYes`, otherwise approved by the policy; its waves stay inside the window. */
  | { do: 'open-rollout'; version: string; windowEndsAt: Date; needsYes: boolean }
  /** Starts its approved rollout, or resumes the one that waited for the next window. */
  | { do: 'go-on'; rolloutId: string; windowEndsAt: Date };

const nothing = (code: string, data: Reason['data'] = {}): ClockAnswer => ({ do: 'nothing', why: { code, data } });

const DAY = 86_400_000;
const releaseMonth = (version: string): string => {
  const { month } = parseVersion(version);
  return `20${String(Math.floor(month / 100)).padStart(2, '0')}-${String(month % 100).padStart(2, '0')}`;
};

/** The months that are written on the wall in the zones of the gabungan. */
const monthsNow = ({ zones }: ClockFacts, now: Date): string[] =>
  zones.map((zone) => localTime(now, zone).toISOString().slice(0, 7));

/** In the window, with room for what is predicted; otherwise the reason why not. */
function inWindow(facts: ClockFacts, now: Date, act: (windowEndsAt: Date) => ClockAnswer): ClockAnswer {
  const { isOpen, opensAt, closesAt }: WindowSeen = windowAt(facts.rules.window, facts.zones, now);
  if (!isOpen && opensAt === null) return nothing('window-never', { zones: [...new Set(facts.zones)] });
  if (!isOpen || closesAt === null) return nothing('outside-window', { opensAt: opensAt!.toISOString() });
  const left = (closesAt.getTime() - now.getTime()) / 1000;
  const seconds = facts.predictedSeconds ?? 0;
  if (seconds <= left) return act(closesAt);
  return nothing('predicted-end-outside', { minutes: Math.ceil(seconds / 60), left: Math.floor(left / 60) });
}

const isItsTurn = ({ isByClock, state, reason }: ClockRollout): boolean =>
  isByClock && (state === 'approved' || (state === 'paused' && reason?.code === 'window-closes'));

/** In a skipped month nothing is begun and nothing resumed; a person may do both. */
function inMonth(facts: ClockFacts, version: string, now: Date, act: () => ClockAnswer): ClockAnswer {
  const month = monthsNow(facts, now).find((one) => facts.rules.skipMonths.includes(one));
  return month === undefined ? act() : nothing('month-skipped', { month, version });
}

/** What stands open comes first: one rollout at a time moves a gabungan. */
function ofOpenRollout(facts: ClockFacts, now: Date): ClockAnswer | null {
  const rollout = facts.rollouts.find(({ state }) => ['approved', 'running', 'paused'].includes(state));
  if (!rollout) return null;
  const { id, version, state, reason } = rollout;
  if (!isItsTurn(rollout)) return nothing('rollout-open', { version, state, reason: reason?.code ?? null });
  return inMonth(facts, version, now, () =>
    inWindow(facts, now, (windowEndsAt) => ({ do: 'go-on', rolloutId: id, windowEndsAt })),
  );
}

/** A month is rolled once: by the clock or by a person, to its end or stopped. The gabungan's own version counts too. */
function rolledMonth({ running, rollouts }: ClockFacts): number {
  const begun = rollouts.filter(({ state }) => state !== 'draft').map(({ version }) => version);
  return Math.max(
    0,
    ...[...begun, ...(running === null ? [] : [running])].map((version) => parseVersion(version).month),
  );
}

interface Today {
  rules: Policy;
  /** YYMM of the newest month that was rolled. */
  rolled: number;
  now: Date;
}
/** Each answers why this release is not for the clock today. */
const REFUSALS: readonly ((release: ClockRelease, today: Today) => Reason | null)[] = [
  ({ version }, { rolled }) =>
    parseVersion(version).month <= rolled ? { code: 'already-rolled', data: { version } } : null,
  ({ version }, { rules }) =>
    rules.skipMonths.includes(releaseMonth(version))
      ? { code: 'month-skipped', data: { month: releaseMonth(version), version } }
      : null,
  ({ version, foundAt }, { rules, now }) => {
    const days = Math.ceil((foundAt.getTime() + rules.daysOut * DAY - now.getTime()) / DAY);
    return days > 0 ? { code: 'too-young', data: { version, days } } : null;
  },
];

function refusal(release: ClockRelease, today: Today): Reason | null {
  for (const refuse of REFUSALS) {
    const why = refuse(release, today);
    if (why) return why;
  }
  return null;
}

/** Its own draft waits for a person; an older draft of it binds nobody, and a person's draft is the person's. */
function ofChosen(facts: ClockFacts, { version, isPrepared }: ClockRelease, now: Date): ClockAnswer {
  const isOffered = facts.rollouts.some((one) => one.state === 'draft' && one.isByClock && one.version === version);
  if (isOffered) return nothing('waits-for-yes', { version });
  if (!isPrepared) return { do: 'prepare', version };
  const { needsYes } = facts.rules;
  return inWindow(facts, now, (windowEndsAt) => ({ do: 'open-rollout', version, windowEndsAt, needsYes }));
}

/** The newest release that may be rolled today; when none may, the reason of the newest. */
function ofReleases(facts: ClockFacts, now: Date): ClockAnswer {
  const mine = facts.releases
    .filter(({ edition, isWithdrawn }) => edition === facts.rules.edition && !isWithdrawn)
    .sort((left, right) => compareVersions(right.version, left.version));
  if (mine.length === 0) return nothing('no-release', { edition: facts.rules.edition });
  const today: Today = { rules: facts.rules, rolled: rolledMonth(facts), now };
  const chosen = mine.find((release) => refusal(release, today) === null);
  if (!chosen) return { do: 'nothing', why: refusal(mine[0]!, today)! };
  return inMonth(facts, chosen.version, now, () => ofChosen(facts, chosen, now));
}

/** What the clock does now for one gabungan, or in words of the catalogue why it does nothing. */
export function decideClock(facts: ClockFacts, now: Date): ClockAnswer {
  if (!facts.rules.isOn) return nothing('clock-off');
  if (facts.zones.length === 0) return nothing('no-desa', { gabungan: facts.gabungan });
  return ofOpenRollout(facts, now) ?? ofReleases(facts, now);
}
