import type { RolloutSettings } from '#libs/contract/rollouts.js';

type Waves = RolloutSettings['waves'];

/** `1, 5%, 25%, 100%` as people write it; null when it cannot be understood. */
export const readWaves = (text: string): Waves | null => {
  const parts = text
    .split(/[,;→]/)
    .map((part) => part.trim())
    .filter(Boolean);
  const sizes = parts.map((part) => {
    const [, digits, sign] = /^(\d{1,5})\s*(%?)$/.exec(part) ?? [];
    const value = Number(digits);
    if (!digits || value < 1 || (sign && value > 100)) return null;
    return sign ? { percent: value } : { count: value };
  });
  const known = sizes.filter((size) => size !== null);
  return known.length > 0 && known.length === sizes.length ? known : null;
};

export const writeWaves = (waves: Waves): string =>
  waves.map((size) => ('percent' in size ? `${size.percent}%` : String(size.count))).join(', ');

/** Ways that are offered by name; anything else is written out. */
export const ways = {
  careful: '1, 5%, 25%, 100%',
  quick: '1, 100%',
  steady: '1, 10%, 30%, 60%, 100%',
} as const;
export type Way = keyof typeof ways | 'own';
export const wayOf = (text: string): Way =>
  (Object.keys(ways) as (keyof typeof ways)[]).find((way) => ways[way] === text) ?? 'own';
