import { NotProved } from '#libs/core/errors.js';
import type { Step } from '#libs/runs/step.js';
import type { MoveTarget, MoveTools } from '../move-target.js';
import { askThrough, proveObservation } from '../health.js';

const KEPT_MILLISECONDS = 24 * 3600 * 1000;

/** The switch: from here on the desa stands on the new server, and the old place is what is kept. */
export const recordMove: Step<MoveTarget, MoveTools, null> = {
  name: 'record-move',
  async plan({ to, from }, { moves }) {
    const says = `record ${to.server.name} as the server of ${to.desa.name}; ${from.server.name} keeps its folder for a day`;
    return { says: (await moves.isSwitched()) ? [] : [says], before: null };
  },
  run: (_target, { moves, clock }) => moves.switchOver(new Date(clock.now().getTime() + KEPT_MILLISECONDS)),
  async verify({ to }, { moves }) {
    if (!(await moves.isSwitched())) throw new NotProved('record-missing', { code: to.desa.code });
  },
  undo: (_target, { moves }) => moves.switchBack(),
};

/** The first good answer on the way that visitors take: old gateway, new gateway, new runtime. It ends the downtime. */
export const proveMove: Step<MoveTarget, MoveTools, null> = {
  name: 'prove-move',
  async plan({ from, to }) {
    return {
      says: [`ask ${to.desa.domain} on ${from.server.name}, as visitors do, and record what it answers`],
      before: null,
    };
  },
  async run({ from, to, forward }, tools) {
    const seen = await askThrough(to, tools.from.gateway, forward);
    proveObservation(to, seen);
    await tools.moves.note({ answeredAt: tools.clock.now() });
    await tools.to.records.patchInstallation(to.installation.id, {
      observedVersion: seen.version,
      observedTitle: seen.title,
      observedAt: tools.clock.now(),
    });
    const { closedAt, answeredAt, predictedSeconds } = (await tools.moves.read()) ?? {};
    const measured = closedAt && answeredAt ? ((answeredAt.getTime() - closedAt.getTime()) / 1000).toFixed(1) : '?';
    const before = predictedSeconds == null ? '' : `, predicted ${predictedSeconds.toFixed(1)} s`;
    await tools.say('info', `maintenance page for ${measured} s${before}`, 'prove-move');
    const told = `point the DNS record of ${to.desa.domain} to ${forward.host}; ${from.server.name} passes visitors on for a day`;
    await tools.say('warn', told, 'prove-move');
  },
  verify: async () => {},
  undo: Object.assign(async () => {}, { reason: 'looks only' }),
};
