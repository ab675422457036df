import type { Problem, Run, RunWithSteps } from '#libs/contract/contract.js';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { get, post, problemOf } from '../../kit/http.js';
import { hasEnded } from '../../kit/state.js';

export type Act = 'install' | 'update' | 'remove' | 'move';

/** What the form chose; sent as it is to each desa. */
export interface Choice {
  app: string;
  version?: string;
  gabungan?: string;
  isolation?: 'shared' | 'own';
  server?: string;
}

export interface DesaPlan {
  code: string;
  run: RunWithSteps | null;
  problem: Problem | null;
  /** The plan is complete and nothing speaks against it. */
  isGood: boolean;
  startedId: string | null;
}

/** At most this many desa are asked at once, so that a plan for hundreds does not push out other requests. */
const together = 4;
const lookAgainMilliseconds = 700;

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const follow = async (id: string, show: (run: RunWithSteps) => void): Promise<RunWithSteps> => {
  for (;;) {
    const run = await get<RunWithSteps>(`/runs/${id}`);
    show(run);
    if (hasEnded(run.state)) return run;
    await pause(lookAgainMilliseconds);
  }
};

const each = async (codes: string[], work: (code: string) => Promise<void>) => {
  const left = [...codes];
  const worker = async () => {
    for (let code = left.shift(); code; code = left.shift()) await work(code);
  };
  await Promise.all(Array.from({ length: together }, worker));
};

const bodyOf = (act: Act, code: string, choice: Choice) =>
  act === 'remove'
    ? { app: choice.app, confirm: code }
    : act === 'update'
      ? { app: choice.app, version: choice.version }
      : choice;

export const usePlans = (codes: string[], act: Act) => {
  const client = useQueryClient();
  const [plans, setPlans] = useState<DesaPlan[]>([]);
  const [isPreparing, setPreparing] = useState(false);
  const [isStarted, setStarted] = useState(false);
  const put = (code: string, change: Partial<DesaPlan>) =>
    setPlans((known) => known.map((plan) => (plan.code === code ? { ...plan, ...change } : plan)));

  const prepareOne = async (code: string, choice: Choice) => {
    try {
      const { id } = await post<Run>(`/desa/${code}/${act}`, { ...bodyOf(act, code, choice), dryRun: true });
      const run = await follow(id, (view) => put(code, { run: view }));
      put(code, { problem: run.problem, isGood: run.state === 'done' && !run.problem });
    } catch (error) {
      put(code, { problem: problemOf(error), isGood: false });
    }
  };
  const prepare = async (choice: Choice) => {
    setPreparing(true);
    setStarted(false);
    setPlans(codes.map((code) => ({ code, run: null, problem: null, isGood: false, startedId: null })));
    await each(codes, (code) => prepareOne(code, choice));
    setPreparing(false);
  };

  const beginOne = async (code: string, choice: Choice) => {
    try {
      const { id } = await post<Run>(`/desa/${code}/${act}`, { ...bodyOf(act, code, choice), dryRun: false });
      put(code, { startedId: id });
    } catch (error) {
      put(code, { problem: problemOf(error), isGood: false });
    }
  };
  const begin = async (choice: Choice) => {
    setStarted(true);
    await each(
      plans.filter(({ isGood }) => isGood).map(({ code }) => code),
      (code) => beginOne(code, choice),
    );
    await client.invalidateQueries();
  };
  return { plans, prepare, begin, isPreparing, isStarted };
};
