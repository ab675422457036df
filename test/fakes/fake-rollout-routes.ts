import { randomUUID } from 'node:crypto';
import { release } from '#libs/contract/contract.js';
import {
  hold,
  holdNew,
  policy,
  policyShown,
  releaseWithdraw,
  rollout,
  rolloutNew,
  rolloutPlanned,
  rolloutWhole,
  type RolloutNew,
} from '#libs/contract/rollouts.js';
import { find, list, type Route } from './fake-answers.js';
import type { Fleet } from './fake-fleet.js';
import { aPlan, aRollout, rolloutProblem } from './fake-rollout.js';
import { actOn, aHold, type ActBody } from './fake-rollout-acts.js';

const withdraw = (fleet: Fleet, version: string, reason: string) => {
  const found = find(fleet.releases, (one) => one.version === version);
  found.state = 'withdrawn';
  found.withdrawal = { reason, by: 'admin', at: new Date().toISOString() };
  for (const one of fleet.rollouts)
    if (one.version === version && one.state === 'running') {
      one.state = 'paused';
      one.problem = rolloutProblem(
        'release-withdrawn',
        'Rilis ditarik',
        `Rilis ${version} ditarik: ${reason}`,
        'Pilih rilis lain.',
      );
    }
  return found;
};

const planned = (fleet: Fleet, asked: RolloutNew) => ({
  ...aPlan(fleet, asked),
  id: randomUUID(),
  planHash: aRollout(fleet, asked).planHash,
  seed: asked.seed ?? 1,
});

const policyOf = (fleet: Fleet, kabupaten: string, app: string) =>
  fleet.policies.get(`${kabupaten} ${app}`) ?? { kabupaten, app, rules: policy.parse({}), notes: [] };

/** Rollouts, holds, the clock's policy and withdrawn releases, over the stand-in fleet. */
export const rolloutRoutes = (fleet: Fleet): Route[] => [
  [
    'POST',
    /^\/rollouts\/plan$/,
    (_, body) => ({ schema: rolloutPlanned, body: planned(fleet, rolloutNew.parse(body)) }),
  ],
  [
    'POST',
    /^\/rollouts$/,
    (_, body) => {
      fleet.rollouts.unshift(aRollout(fleet, rolloutNew.parse(body)));
      return { schema: rolloutWhole, body: fleet.rollouts[0], status: 201 };
    },
  ],
  [
    'GET',
    /^\/rollouts$/,
    (_, __, query) =>
      list(
        rollout,
        fleet.rollouts.filter(({ state }) => !query.get('state') || state === query.get('state')),
        query,
      ),
  ],
  [
    'GET',
    /^\/rollouts\/([^/]+)$/,
    ([id]) => ({ schema: rolloutWhole, body: find(fleet.rollouts, (one) => one.id === id) }),
  ],
  [
    'POST',
    /^\/rollouts\/([^/]+)\/([a-z-]+)$/,
    ([id, act], body) => ({
      schema: rolloutWhole,
      body: actOn(
        fleet,
        find(fleet.rollouts, (one) => one.id === id),
        act!,
        body as ActBody,
      ),
    }),
  ],
  ['GET', /^\/holds$/, (_, __, query) => list(hold, fleet.holds, query)],
  [
    'POST',
    /^\/holds$/,
    (_, body) => {
      const { desa, reason, until } = holdNew.parse(body);
      fleet.holds.push(aHold(fleet, desa, reason, until ?? null));
      return { schema: hold, body: fleet.holds.at(-1), status: 201 };
    },
  ],
  [
    'DELETE',
    /^\/holds\/([^/]+)$/,
    ([id]) => {
      fleet.holds = fleet.holds.filter((one) => one.id !== id);
      return { status: 204 };
    },
  ],
  [
    'GET',
    /^\/policies\/(\d+)\/([a-z]+)$/,
    ([kabupaten, app]) => ({ schema: policyShown, body: policyOf(fleet, kabupaten!, app!) }),
  ],
  [
    'PUT',
    /^\/policies\/(\d+)\/([a-z]+)$/,
    ([kabupaten, app], body) => {
      const shown = { ...policyOf(fleet, kabupaten!, app!), rules: policy.parse(body) };
      fleet.policies.set(`${kabupaten} ${app}`, shown);
      return { schema: policyShown, body: shown };
    },
  ],
  [
    'POST',
    /^\/releases\/opensid\/([^/]+)\/withdraw$/,
    ([version], body) => ({ schema: release, body: withdraw(fleet, version!, releaseWithdraw.parse(body).reason) }),
  ],
];
