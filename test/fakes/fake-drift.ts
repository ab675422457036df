import { randomUUID } from 'node:crypto';
import { run } from '#libs/contract/contract.js';
import { driftList, repairPolicyShown, repairs, type Drift } from '#libs/contract/looks.js';
import { problemText } from '#libs/contract/problems.js';
import { find, Refusal, type Route } from './fake-answers.js';
import { aRun, type Fleet } from './fake-fleet.js';
import type { FakeRuns } from './fake-runs.js';

const SEEN = '2026-01-05T02:10:00.000Z';

/** A drift of the stand-in fleet, in the product's own words. */
export function aDrift(fleet: Fleet, kind: Drift['kind'], subject: string, evidence: Drift['evidence'] = {}): Drift {
  const { title, detail, hint } = problemText(`drift-${kind}`, { ...evidence, subject, server: 'pusat' }, 'id');
  return {
    ...{ id: randomUUID(), kabupatenId: fleet.kabupaten[0]!.id, server: 'pusat', kind, subject, title, detail, hint },
    ...{ evidence, firstSeenAt: SEEN, lastSeenAt: SEEN, goneAt: null, isSafe: kind.startsWith('route'), repair: null },
    repairedBy: kind === 'disk-filling' ? null : 'desa',
  };
}

export function driftIn(fleet: Fleet): Drift[] {
  const of = (position: number): string => `${fleet.desa[position]!.code} ${fleet.desa[position]!.name}`;
  const domain = fleet.desa[9]!.domain;
  return [
    aDrift(fleet, 'route-missing', of(9), { domain }),
    aDrift(fleet, 'runtime-settings', 'sp-opensid-v2602-0-0-limapuluhkota', { settings: ['capabilities'] }),
    aDrift(fleet, 'disk-filling', 'pusat', { freeMiB: 3100, neededMiB: 2048, daysLeft: 5 }),
    {
      ...aDrift(fleet, 'runtime-stopped', 'sp-opensid-v2601-0-0-limapuluhkota', { state: 'exited' }),
      goneAt: '2026-01-05T02:12:00.000Z',
      repair: { runId: randomUUID(), state: 'done', askedBy: 'clock' },
    },
  ];
}

/** A drift goes when its repair has ended, as the next look would say. */
export function driftRoutes(fleet: Fleet, runs: FakeRuns): Route[] {
  let byItself = 'none';
  const open = (): Drift[] => fleet.drift.filter(({ goneAt }) => goneAt === null);
  const repair = (drift: Drift, dryRun: boolean) => {
    const one = aRun('repair', { kind: 'desa', id: randomUUID(), label: drift.subject }, dryRun ? 'done' : 'queued');
    if (dryRun) fleet.runs.unshift(one);
    else
      runs.start(one, () =>
        Object.assign(drift, { goneAt: new Date().toISOString(), repair: { ...drift.repair, state: 'done' } }),
      );
    if (!dryRun) drift.repair = { runId: one.id, state: 'running', askedBy: 'admin' };
    return one;
  };
  return [
    [
      'GET',
      /^\/drift$/,
      (_, __, query) => {
        const isAsked = ({ server }: { server: string }): boolean => (query.get('server') ?? server) === server;
        const looks = fleet.servers.map(({ name }) => ({ server: name, lookedAt: SEEN, seconds: 0.8, problem: null }));
        const gone = fleet.drift.filter(({ goneAt }) => goneAt !== null);
        return { schema: driftList, body: { open: open().filter(isAsked), gone, looks: looks.filter(isAsked) } };
      },
    ],
    [
      'POST',
      /^\/drift\/repair$/,
      () => {
        const able = open().filter(({ repairedBy }) => repairedBy);
        const problem = new Refusal({ code: 'drift-wants-a-person', status: 409, title: 'Perlu tangan orang' }).problem;
        const whole = { type: 'about:blank', title: '', detail: '', hint: '', data: {}, ...problem };
        const left = open().flatMap(({ id, subject, repairedBy }) =>
          repairedBy ? [] : [{ id, subject, problem: whole }],
        );
        return { schema: repairs, body: { runs: able.map((drift) => repair(drift, false)), left }, status: 202 };
      },
    ],
    [
      'POST',
      /^\/drift\/([^/]+)\/repair$/,
      ([id], body) => {
        const drift = find(open(), (one) => one.id === id);
        return { schema: run, body: repair(drift, body.dryRun === true), status: 202 };
      },
    ],
    [
      'GET',
      /^\/drift\/policies\/(\d+)$/,
      ([kabupaten]) => ({ schema: repairPolicyShown, body: { kabupaten, byItself } }),
    ],
    [
      'PUT',
      /^\/drift\/policies\/(\d+)$/,
      ([kabupaten], body) => ({
        schema: repairPolicyShown,
        body: { kabupaten, byItself: (byItself = body.byItself!) },
      }),
    ],
  ];
}
