import { NotProved } from '#libs/core/errors.js';
import type { Beside } from '#libs/gabungan/gabungan-port.js';
import { leave, type Step } from '#libs/runs/step.js';

/** What a restore kept beside a gabungan, now that a person lets it go. */
export interface LetGoTarget {
  readonly gabungan: { name: string };
  /** Name of the database that goes. */
  readonly kept: string;
}

export interface LetGoTools {
  beside: Pick<Beside, 'has' | 'drop'>;
}

export const dropKept: Step<LetGoTarget, LetGoTools, null> = {
  name: 'drop-kept',
  async plan({ kept }, { beside }) {
    return { says: (await beside.has(kept)) ? [`drop ${kept}, which a restore kept`] : [], before: null };
  },
  run: ({ kept }, { beside }) => beside.drop(kept),
  async verify({ gabungan, kept }, { beside }) {
    if (await beside.has(kept)) throw new NotProved('kept-stays', { name: gabungan.name, database: kept });
  },
  undo: leave('a person let it go; what is dropped does not come back'),
};
