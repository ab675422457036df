import { NotProved, Unavailable } from '#libs/core/errors.js';
import type { Undo, Step } from '#libs/runs/step.js';
import type { GabunganBackups, WholeOf } from '../gabungan-backups-port.js';
import { needsMigration } from '../migration.js';
import type { DesaTarget, Tools } from '../target.js';

export interface BackupTools {
  wholeBackups: GabunganBackups;
  minimumFreeBytes: number;
  say(level: 'info' | 'warn' | 'error', line: string, step?: string): Promise<void>;
}

const NAME = 'backup-gabungan';
const says = ({ gabungan }: WholeOf): string[] => [
  `dump ${gabungan.database} as of one moment, load the dump into a throw-away server and compare rows, schema and invariants`,
];

/** Both the file and the copy have to fit; the copy stands on the server of the gabungan. */
async function checkRoom(target: WholeOf, tools: BackupTools): Promise<void> {
  const needed = (await tools.wholeBackups.neededBytes(target)) + tools.minimumFreeBytes;
  const free = await tools.wholeBackups.freeBytes();
  if (free < needed)
    throw new Unavailable('disk-full', {
      server: target.gabungan.name,
      freeMiB: Math.floor(free / 2 ** 20),
      neededMiB: Math.ceil(needed / 2 ** 20),
    });
}

async function make(target: WholeOf, tools: BackupTools, kind: 'rollout' | 'manual'): Promise<void> {
  if (await tools.wholeBackups.ofRun(target)) return;
  const { folder, bytes } = await tools.wholeBackups.make(target, kind);
  await tools.say('info', `backup ${folder}, ${bytes} bytes, loaded elsewhere and compared`, NAME);
}

const clear: Undo<WholeOf, BackupTools, unknown> = Object.assign(
  (target: WholeOf, tools: BackupTools) => tools.wholeBackups.clear(target),
  { reason: 'a proved backup is kept; what a killed attempt left is removed' },
);

/** A backup that was asked for is always made anew. */
export const backupWhole = (kind: 'rollout' | 'manual'): Step<WholeOf, BackupTools, null> => ({
  name: NAME,
  async plan(target, tools) {
    if (await tools.wholeBackups.ofRun(target)) return { says: [], before: null };
    await checkRoom(target, tools);
    return { says: says(target), before: null };
  },
  run: (target, tools) => make(target, tools, kind),
  async verify(target, tools) {
    if (!(await tools.wholeBackups.ofRun(target)))
      throw new NotProved('gabungan-backup-missing', { name: target.gabungan.name });
  },
  undo: clear,
});

/**
 * Before the first desa takes the gabungan to another release: a migration changes the rows of every desa in it. A
 * proved backup of the last hour serves; without a migration, or once the release stands, there is nothing to keep.
 */
async function isKept(target: DesaTarget, tools: Tools): Promise<boolean> {
  if (target.gabungan.version === target.release.version || !(await needsMigration(target, tools))) return true;
  return (await tools.wholeBackups.recent(target)) !== undefined;
}

export const backupBefore: Step<DesaTarget, Tools, null> = {
  name: NAME,
  async plan(target, tools) {
    if (await isKept(target, tools)) return { says: [], before: null };
    await checkRoom(target, tools);
    return { says: says(target), before: null };
  },
  run: (target, tools) => make(target, tools, 'rollout'),
  async verify(target, tools) {
    if (!(await isKept(target, tools))) throw new NotProved('gabungan-backup-missing', { name: target.gabungan.name });
  },
  undo: clear,
};
