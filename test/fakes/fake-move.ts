import { Secret } from '#libs/core/secret.js';
import { FORWARD } from '#libs/gateway/caddy-serve.js';
import type { Gateway } from '#libs/gateway/gateway-port.js';
import type { PastMove } from '#libs/provisioning/downtime.js';
import type { MoveRecords } from '#libs/provisioning/move-records.js';
import type { MoveTarget, MoveTools } from '#libs/provisioning/move-target.js';
import type { ReleaseFacts } from '#libs/provisioning/target.js';
import type { Carriage, FolderEntry } from '#libs/runtimes/carriage-port.js';
import { targetOf } from '#test/factories/target.js';
import { moveRecipes } from '#libs/provisioning/recipes/move.recipes.js';
import { Calls } from './calls.js';
import { carried, type Carried } from './carried.js';
import { emptyWorld, FakeTools, type World } from './fake-world.js';

/** Two servers and the record of one move, as plain data that can be compared. */
export interface TwoWorlds {
  old: World;
  new: World;
  move: { kept: boolean; settled: boolean };
}

type Question = Parameters<Gateway['get']>[0];

const HOST = 'dua.test';

export function moveTarget(verb: string, wanted: ReleaseFacts): MoveTarget {
  const [from, to] = [targetOf(verb, wanted, wanted), targetOf(verb, wanted, wanted)];
  return {
    run: from.run,
    from: { ...from, otherRuntimes: [] },
    to: {
      ...to,
      ...{ server: { id: 's2', name: 's2' }, site: { ...to.site, uid: 20007 }, otherRuntimes: [] },
      previousRuntime: undefined,
    },
    forward: { host: HOST, port: 80, key: new Secret('forward') },
  };
}

/** A desa that serves on the old server; what its people have written lies in its folder. */
export function servingOnOld({ from }: MoveTarget): TwoWorlds {
  const world: World = {
    ...emptyWorld(),
    folders: { [from.site.site]: 'written by its people' },
    runtimes: { [from.runtime.name]: [from.site.site] },
    routes: { [from.desa.domain]: from.runtime.name },
    placed: { [from.installation.id]: from.release.id },
  };
  // An image that was brought stays: it changes nothing, and would hide what does.
  const next = { ...emptyWorld(), images: [from.release.imageId!] };
  return { old: world, new: next, move: { kept: false, settled: false } };
}

export class FakeMove {
  private readonly act: Calls['act'];
  past: PastMove[] = [];
  keptElsewhere?: { server: string; until: Date };
  isRolling = false;
  readonly notes: Record<string, unknown> = {};

  constructor(
    readonly worlds: TwoWorlds,
    private readonly target: MoveTarget,
    private readonly calls = new Calls(),
  ) {
    this.act = calls.act;
  }

  tools(): MoveTools {
    const from = new FakeTools(this.worlds.old, this.target.from, this.calls).tools();
    const to = new FakeTools(this.worlds.new, this.target.to, this.calls).tools();
    to.gateway.freeBytes = () => this.act(() => 2 ** 30);
    const asked = from.gateway.get;
    from.gateway.get = (question) =>
      question.runtime === HOST ? this.act(() => this.answerThere(question)) : asked(question);
    return { from, to, carriage: this.carriage(), moves: this.moves(), clock: to.clock, say: to.say };
  }

  /** The other gateway, as a visitor finds it; to HTTPS it leads whoever is not passed on by one of ours. */
  private answerThere({ domain, headers = {} }: Question): Awaited<ReturnType<Gateway['get']>> {
    const { new: world } = this.worlds;
    const { site } = this.target.to.site;
    const to = world.routes[domain];
    if (to === undefined) return { status: 404, body: '', headers: {} };
    if (headers[FORWARD] !== this.target.forward.key.reveal()) return { status: 308, body: '', headers: {} };
    if (to === 'maintenance') return { status: 503, body: '', headers: { 'x-site': site } };
    if (!world.runtimes[to]?.includes(site)) return { status: 502, body: '', headers: {} };
    return { status: 200, body: `title=Kurai;version=${to}`, headers: {} };
  }

  private folderOf(side: 'old' | 'new'): FolderEntry[] {
    const { site } = this.target[side === 'old' ? 'from' : 'to'];
    const content = this.worlds[side].folders[site.site];
    if (content === undefined) return [];
    const of = { uid: site.uid, gid: site.uid, mode: 0o644, to: '' };
    return [
      { ...of, path: '', kind: 'folder', bytes: 0, modified: '0' },
      { ...of, path: 'isi', kind: 'file', bytes: content.length, modified: content },
    ];
  }

  private carriage(): Carriage {
    const { worlds, target } = this;
    const site = target.to.site.site;
    return {
      list: (side) => this.act(() => this.folderOf(side)),
      unreadable: () => this.act(() => []),
      sums: (side) => this.act(() => new Map([['isi', worlds[side].folders[site] ?? '']])),
      clear: async () => {},
      carry: (entries) =>
        this.act(() => void (entries.length > 0 && (worlds.new.folders[site] = worlds.old.folders[site]!))),
      erase: (side) => this.act(() => void delete worlds[side].folders[site]),
      close: async () => {},
    };
  }

  private moves(): MoveRecords {
    const { worlds, target, notes } = this;
    const id = target.from.installation.id;
    const stand = (there: World, elsewhere: World, kept: boolean) => {
      delete elsewhere.placed[id];
      there.placed[id] = target.from.release.id;
      worlds.move.kept = kept;
    };
    return {
      read: async () => ({ closedAt: new Date(0), answeredAt: new Date(4000), predictedSeconds: 3, switchedAt: null }),
      note: async (more) => void Object.assign(notes, more),
      noteClosed: async (at) => void (notes.closedAt ??= at),
      past: async () => this.past,
      kept: async () => this.keptElsewhere,
      isRolling: async () => this.isRolling,
      switchOver: () => this.act(() => stand(worlds.new, worlds.old, true)),
      switchBack: () => this.act(() => stand(worlds.old, worlds.new, false)),
      isSwitched: () => this.act(() => id in worlds.new.placed),
      settle: () => this.act(() => void Object.assign(worlds.move, { kept: false, settled: true })),
    };
  }
}

/** What a test puts around a move: tools that it changes, a record that says otherwise. */
export interface Around {
  tools?: (tools: MoveTools) => MoveTools;
  fake?: (fake: FakeMove) => void;
}

export const aimedMove = (
  worlds: TwoWorlds,
  target: MoveTarget,
  { tools = (same) => same, fake = () => {} }: Around = {},
) => ({
  recipe: moveRecipes.get(target.run.verb)!,
  target,
  tools: (calls: Calls) => {
    const made = new FakeMove(worlds, target, calls);
    fake(made);
    return tools(made.tools());
  },
});

export const performMove = (
  worlds: TwoWorlds,
  target: MoveTarget,
  calls = new Calls(),
  around?: Around,
): Promise<Carried> => carried(aimedMove(worlds, target, around), calls);
