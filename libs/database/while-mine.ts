import type { DataSource } from 'typeorm';
import { assertStillMine } from '#libs/core/still-mine.js';

const ASKING = ['query', 'transaction'];

/** The same database; whoever works under a lease that is over is told so instead of being heard. */
export const heardWhileMine = (db: DataSource): DataSource =>
  new Proxy(db, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      const call = value as (...words: unknown[]) => unknown;
      if (!ASKING.includes(String(name))) return call.bind(target);
      return async (...words: unknown[]) => {
        assertStillMine();
        return call.apply(target, words);
      };
    },
  });
