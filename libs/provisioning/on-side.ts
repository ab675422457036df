import type { Step } from '#libs/runs/step.js';
import type { MoveTarget, MoveTools } from './move-target.js';
import type { DesaTarget, Tools } from './target.js';

type Side = 'from' | 'to';

/** A step of one place, as a step of a move: it sees the old or the new place alone. */
const onSide =
  (side: Side) =>
  <Before>(step: Step<DesaTarget, Tools, Before>): Step<MoveTarget, MoveTools, Before> => ({
    name: step.name,
    plan: (target, tools) => step.plan(target[side], tools[side]),
    run: (target, tools, before) => step.run(target[side], tools[side], before),
    verify: (target, tools) => step.verify(target[side], tools[side]),
    undo: Object.assign(
      (target: MoveTarget, tools: MoveTools, before: Before) => step.undo(target[side], tools[side], before),
      step.undo.reason === undefined ? {} : { reason: step.undo.reason },
    ),
  });

export const onNew = onSide('to');
export const onOld = onSide('from');
