import type { DesaBackups } from '#libs/provisioning/backups-port.js';
import type { GabunganBackups } from '#libs/provisioning/gabungan-backups-port.js';
import type { DesaTarget } from '#libs/provisioning/target.js';
import type { Calls } from './calls.js';
import type { World } from './fake-world.js';

/** One desa's rows and folder, as they were when they were saved. */
export function fakeBackups(world: World, target: DesaTarget, act: Calls['act']): DesaBackups {
  const receipt = { id: 'b', folder: 'b', bytes: 1 };
  let saved: { rows: World['rows']; folder?: string } = { rows: [] };
  return {
    ofRun: () => act(() => (world.backups.includes(target.run.id) ? receipt : undefined)),
    make: () =>
      act(() => {
        saved = structuredClone({ rows: world.rows, folder: world.folders[target.site.site] });
        world.backups.push(target.run.id);
        return receipt;
      }),
    restoreRows: () => act(() => void (world.rows = structuredClone(saved.rows))),
    restoreFolder: () => act(() => void (world.folders[target.site.site] = saved.folder ?? '')),
  };
}

/** Proved in a throw-away server, which a crash may leave. */
export function fakeWholeBackups(world: World, target: DesaTarget, act: Calls['act']): GabunganBackups {
  const name = `whole-${target.run.id}`;
  const find = () => act(() => (world.backups.includes(name) ? name : undefined));
  return {
    ofRun: find,
    recent: find,
    neededBytes: () => act(() => 1),
    freeBytes: () => act(() => 10),
    make: async () => {
      await act(() => void (world.copies = [name]));
      return act(() => {
        world.backups.push(name);
        world.copies = [];
        return { folder: name, bytes: 1 };
      });
    },
    clear: () => act(() => void (world.copies = [])),
    superseded: () => act(() => []),
    prune: () => act(() => undefined),
  };
}
