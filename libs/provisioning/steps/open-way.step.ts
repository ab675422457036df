import { NotProved } from '#libs/core/errors.js';
import { leave, type Step } from '#libs/runs/step.js';
import type { Way } from '../way-port.js';

interface Hands {
  /** Undefined: the gabungan stands on the server of the desa. */
  way?: Way;
}
interface Target {
  readonly run: { id: string };
}

/** Runtimes on another server than the gabungan's reach it; asked for by every run that starts one, so that papers are renewed in time. */
export const openWay: Step<Target, Hands, { wasThere: boolean }> = {
  name: 'open-way',
  async plan(_target, { way }) {
    if (!way) return { says: [], before: { wasThere: true } };
    const says = await way.says();
    const wasThere = await way.isThere();
    return { says: wasThere && (await way.isSo()) ? [] : [`open the way ${says}`], before: { wasThere } };
  },
  async run(_target, { way }) {
    await way?.open();
  },
  async verify(_target, { way }) {
    await way?.prove();
  },
  async undo({ run }, { way }, { wasThere }) {
    if (way && !wasThere && !(await way.isUsed(run.id))) await way.close();
  },
};

/** The door goes when the last desa of its gabungan has left the server. */
export const closeWay: Step<Target, Hands, null> = {
  name: 'close-way',
  async plan({ run }, { way }) {
    const isIdle = way && (await way.isThere()) && !(await way.isUsed(run.id));
    return { says: isIdle ? [`close the way ${await way.says()}: its last desa has left`] : [], before: null };
  },
  async run({ run }, { way }) {
    if (way && !(await way.isUsed(run.id))) await way.close();
  },
  async verify({ run }, { way }) {
    if (way && (await way.isThere()) && !(await way.isUsed(run.id))) throw new NotProved('way-left', {});
  },
  undo: leave('a way is opened anew whenever a desa wants it'),
};
