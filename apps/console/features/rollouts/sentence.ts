import type { Problem } from '#libs/contract/contract.js';
import { PROBLEMS, problemText } from '#libs/contract/problems.js';
import { currentLanguage } from '../../kit/words.js';

export interface Coded {
  code: string;
  data: Record<string, unknown>;
}

/** A code and its data in the reader's language; nothing when the catalogue does not know the code. */
export const problemFrom = ({ code, data }: Coded): Problem | null =>
  code in PROBLEMS ? { type: 'about:blank', code, data, ...problemText(code, data, currentLanguage()) } : null;

/** An unknown code is shown as it is: a box without words would hide that something is wrong. */
export const problemOrCode = (coded: Coded): Problem =>
  problemFrom(coded) ?? {
    type: 'about:blank',
    ...coded,
    title: coded.code,
    status: 0,
    detail: Object.entries(coded.data)
      .map(([name, value]) => `${name}: ${String(value)}`)
      .join(', '),
    hint: '',
  };
