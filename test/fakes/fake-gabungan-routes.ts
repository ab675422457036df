import { randomUUID } from 'node:crypto';
import { gabungan, run } from '#libs/contract/contract.js';
import { gabunganBackup, keptDatabase, type GabunganBackup, type KeptDatabase } from '#libs/contract/rollouts.js';
import { find, list, Refusal, type Route } from './fake-answers.js';
import { aRun, type Fleet } from './fake-fleet.js';
import type { FakeRuns } from './fake-runs.js';

const ago = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();

export const aBackup = (days: number, keep: GabunganBackup['keep']): GabunganBackup => ({
  id: randomUUID(),
  kind: keep === 'rollout' ? 'rollout' : 'manual',
  version: 'v2601.0.0',
  bytes: 48 * 2 ** 20,
  verifiedAt: ago(days),
  createdAt: ago(days),
  keep,
});

export const aKept = (): KeptDatabase => ({
  id: randomUUID(),
  database: 'gab_limapuluhkota_lama_1f2e3d4c',
  keptAt: ago(2),
  restoredBy: 'kepala',
  version: 'v2601.0.0',
});

const assertTyped = (fleet: Fleet, confirm?: string) => {
  if (confirm !== fleet.kabupaten[0]?.code) throw new Refusal({ status: 422, code: 'restore-confirm-differs' });
};

/** Backups of a gabungan, putting one back, and what is kept beside it. */
export const gabunganRoutes = (fleet: Fleet, runs: FakeRuns): Route[] => {
  const start = (name: string, verb: string, done: () => void) => {
    const { id } = find(fleet.gabungan, (one) => one.name === name);
    return { schema: run, body: runs.start(aRun(verb, { kind: 'gabungan', id, label: name }), done), status: 202 };
  };
  return [
    [
      'PATCH',
      /^\/gabungan\/([^/]+)$/,
      ([name], body) => ({
        schema: gabungan,
        body: Object.assign(
          find(fleet.gabungan, (one) => one.name === name),
          { keepBackups: body.keepBackups },
        ),
      }),
    ],
    ['GET', /^\/gabungan\/[^/]+\/backups$/, (_, __, query) => list(gabunganBackup, fleet.backups, query)],
    [
      'POST',
      /^\/gabungan\/([^/]+)\/backup$/,
      ([name]) => start(name!, 'backup', () => fleet.backups.unshift(aBackup(0, 'newest'))),
    ],
    [
      'POST',
      /^\/gabungan\/([^/]+)\/restore$/,
      ([name], { confirm }) => {
        assertTyped(fleet, confirm);
        return start(name!, 'restore', () => fleet.kept.unshift(aKept()));
      },
    ],
    ['GET', /^\/gabungan\/[^/]+\/kept$/, (_, __, query) => list(keptDatabase, fleet.kept, query)],
    [
      'POST',
      /^\/gabungan\/([^/]+)\/kept\/([^/]+)\/drop$/,
      ([name, id], { confirm }) => {
        assertTyped(fleet, confirm);
        return start(name!, 'let-go', () => (fleet.kept = fleet.kept.filter((one) => one.id !== id)));
      },
    ],
  ];
};
