import { NotProved } from '#libs/core/errors.js';
import type { Step } from '#libs/runs/step.js';
import type { DesaTarget, Tools } from '../target.js';

/** The desa's own account in the merged database: data rights only. */
export const createAccount: Step<DesaTarget, Tools, { existed: boolean }> = {
  name: 'create-account',
  async plan(target, tools) {
    const existed = await tools.gabungan.hasAccount(target.account);
    return {
      says: [`create account ${target.account} with data rights only, password [rahasia]`],
      before: { existed },
    };
  },
  run: (target, tools) => tools.gabungan.ensureRuntimeAccount(target.account, target.installation.runtimePassword),
  async verify(target, tools) {
    if (!(await tools.gabungan.hasAccount(target.account)))
      throw new NotProved('account-missing', { account: target.account });
  },
  async undo(target, tools, { existed }) {
    if (!existed) await tools.gabungan.dropAccount(target.account);
  },
};

export const dropAccount: Step<DesaTarget, Tools, { existed: boolean }> = {
  name: 'drop-account',
  async plan(target, tools) {
    const existed = await tools.gabungan.hasAccount(target.account);
    return { says: existed ? [`drop account ${target.account}`] : [], before: { existed } };
  },
  run: (target, tools) => tools.gabungan.dropAccount(target.account),
  async verify(target, tools) {
    if (await tools.gabungan.hasAccount(target.account))
      throw new NotProved('account-left', { account: target.account });
  },
  async undo(target, tools, { existed }) {
    if (existed) await tools.gabungan.ensureRuntimeAccount(target.account, target.installation.runtimePassword);
  },
};
