import { Conflict, NotProved } from '#libs/core/errors.js';
import { leave, type Step } from '#libs/runs/step.js';
import { bytesOf, readable, unlike } from '#libs/runtimes/folder-difference.js';
import { bringOver } from '../bring-over.js';
import { copySeconds } from '../downtime.js';
import type { MoveTarget, MoveTools } from '../move-target.js';

const MIB = 2 ** 20;
const SHOWN = 10;

/** The folder of the desa beside the old one, while it serves: what changes meanwhile follows later. */
export const copyFolder: Step<MoveTarget, MoveTools, null> = {
  name: 'copy-folder',
  async plan({ from, to }, { carriage, moves }) {
    const old = await carriage.list('old');
    if ((await carriage.list('new')).length > 0)
      throw new Conflict('folder-in-the-way', { site: to.site.site, server: to.server.name });
    const seconds = copySeconds(await moves.past(), bytesOf(old));
    const size = `${old.length} files and folders, ${Math.ceil(bytesOf(old) / MIB)} MiB`;
    const long = seconds === null ? '' : `, about ${Math.ceil(seconds)} s`;
    return {
      says: [`copy /data/${from.site.site} to ${to.server.name} while it serves: ${size}${long}`],
      before: null,
    };
  },
  async run(target, tools) {
    const { bytes, seconds, totalBytes } = await bringOver(target, tools);
    await tools.moves.note({ bulk: { bytes, seconds }, totalBytes });
    await tools.say('info', `copied ${bytes} bytes in ${seconds.toFixed(1)} s`, 'copy-folder');
  },
  async verify({ to }, { carriage }) {
    if ((await carriage.list('new')).length === 0) throw new NotProved('folder-missing', { code: to.desa.code });
  },
  undo: (_target, { carriage }) => carriage.erase('new'),
};

/** Nobody writes any more: what changed follows, then every file is compared by its sum. */
export const copyRest: Step<MoveTarget, MoveTools, null> = {
  name: 'copy-rest',
  async plan({ from }) {
    return { says: [`copy what changed in /data/${from.site.site} meanwhile and compare every file`], before: null };
  },
  async run(target, tools) {
    const { bytes, seconds, totalBytes } = await bringOver(target, tools);
    await tools.moves.note({ rest: { bytes, seconds }, totalBytes });
    await tools.say('info', `copied ${bytes} bytes in ${seconds.toFixed(1)} s`, 'copy-rest');
  },
  async verify({ to }, { carriage, say }) {
    const [old, standing, oldSums, newSums] = await Promise.all([
      ...[carriage.list('old'), carriage.list('new')],
      ...[carriage.sums('old'), carriage.sums('new')],
    ] as const);
    const paths = unlike([old, oldSums], [standing, newSums], to.site.uid);
    if (paths.length > 0)
      throw new NotProved('copy-differs', { site: to.site.site, paths: paths.slice(0, SHOWN).map(readable) });
    const left = old.filter(({ kind }) => kind === 'other').length;
    const beside = left > 0 ? `; ${left} pipes or sockets left behind` : '';
    await say('info', `${oldSums.size} files have the same sums on both servers${beside}`, 'copy-rest');
  },
  undo: leave('the copy goes with its folder'),
};
