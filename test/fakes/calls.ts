import { LeaseLost, Unavailable } from '#libs/core/errors.js';

/**
 * Calls to a world, counted; the `failAt`-th fails, before or after it did its work. With `dies` the worker is gone from
 * that call on: nothing it still tries has an effect, as after a SIGKILL.
 */
export class Calls {
  count = 0;
  private isDead = false;

  constructor(private readonly trouble: { failAt?: number; afterwards?: boolean; dies?: boolean } = {}) {}

  readonly act = async <T>(work: () => T): Promise<T> => {
    const { failAt = Infinity, afterwards = false } = this.trouble;
    if (this.isDead) throw new LeaseLost('lease-lost');
    this.count += 1;
    const isIt = this.count === failAt;
    if (isIt && !afterwards) this.fail();
    const result = work();
    if (isIt) this.fail();
    return result;
  };

  private fail(): never {
    this.isDead = this.trouble.dies === true;
    throw this.isDead ? new LeaseLost('lease-lost') : new Unavailable('told-to-fail', { call: this.count });
  }
}
