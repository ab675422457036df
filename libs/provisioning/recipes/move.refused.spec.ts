import { NotProved } from '#libs/core/errors.js';
import { release } from '#test/factories/target.js';
import { Calls } from '#test/fakes/calls.js';
import { moveTarget, performMove as perform, servingOnOld, type Around } from '#test/fakes/fake-move.js';
import type { MoveTools } from '../move-target.js';

const MOVE = moveTarget('move', release('v2601.0.0', 'd1'));
const SITE = MOVE.from.site.site;

describe('a move that would fail', () => {
  const refused = async (around: Around, worlds = servingOnOld(MOVE)): Promise<string | undefined> => {
    const before = structuredClone(worlds);
    const { journal } = await perform(worlds, MOVE, new Calls(), around);
    expect(journal.state).toBe('undone');
    expect(worlds).toEqual(before);
    return journal.problem?.code;
  };
  const closedLines = async (around: Around): Promise<string[]> => {
    const { journal } = await perform(servingOnOld(MOVE), MOVE, new Calls(), around);
    return journal.records.filter(({ state }) => state !== 'waiting').map(({ name }) => name);
  };
  /** The site answers wrongly on the new server. */
  const faulty = (made: MoveTools): MoveTools => {
    made.to.gateway.get = async () => ({ status: 200, body: 'title=Lain;version=v2601.0.0', headers: {} });
    return made;
  };

  it('because the last one is still kept is refused', async () =>
    expect(await refused({ fake: (fake) => (fake.keptElsewhere = { server: 'x', until: new Date(0) }) })).toBe(
      'move-still-kept',
    ));
  it('because a rollout is under way is refused', async () =>
    expect(await refused({ fake: (fake) => (fake.isRolling = true) })).toBe('move-during-rollout'));
  it('because the image cannot be brought is refused', async () => {
    const worlds = servingOnOld(MOVE);
    worlds.new.images = [];
    const tools = (made: MoveTools): MoveTools => {
      made.to.images.bring = () => Promise.reject(new NotProved('image-damaged', {}));
      return made;
    };
    expect(await refused({ tools }, worlds)).toBe('image-damaged');
  });
  it('because a file cannot be read is refused with its name', async () => {
    const tools = (made: MoveTools): MoveTools => {
      made.carriage.unreadable = async () => ['desa/rahasia'];
      return made;
    };
    expect(await refused({ tools })).toBe('folder-unreadable');
  });
  it('because the new server has too little disk is refused', async () => {
    const tools = (made: MoveTools): MoveTools => ({ ...made, to: { ...made.to, minimumFreeBytes: 2 ** 40 } });
    expect(await refused({ tools })).toBe('disk-full');
  });
  it('because the old gateway does not reach the new one is refused', async () => {
    const tools = (made: MoveTools): MoveTools => {
      const asked = made.from.gateway.get;
      made.from.gateway.get = (question) =>
        question.runtime === 'dua.test' ? Promise.reject(new Error('refused')) : asked(question);
      return made;
    };
    expect(await refused({ tools })).toBe('gateway-out-of-reach');
  });
  it('because somebody else has a folder of that name there is refused', async () => {
    const worlds = servingOnOld(MOVE);
    worlds.new.folders[SITE] = 'of an earlier day';
    expect(await refused({}, worlds)).toBe('folder-in-the-way');
  });
  it('because it does not answer rightly there is undone before anybody saw a maintenance page', async () => {
    expect(await refused({ tools: faulty })).toBe('site-not-proved');
    expect(await closedLines({ tools: faulty })).not.toContain('close-site');
  });
  it('because visitors are not passed on rightly is undone, and the old place serves', async () => {
    const tools = (made: MoveTools): MoveTools => {
      const asked = made.from.gateway.get;
      made.from.gateway.get = (question) =>
        question.runtime === 'dua.test' ? Promise.resolve({ status: 502, body: '', headers: {} }) : asked(question);
      return made;
    };
    expect(await refused({ tools })).toBe('forward-not-proved');
  });
  it('at the very switch is undone, and the old place serves', async () => {
    const tools = (made: MoveTools): MoveTools => {
      made.moves.isSwitched = async () => false;
      return made;
    };
    expect(await refused({ tools })).toBe('record-missing');
  });
  it('because one byte arrived otherwise is undone, and the old place serves', async () => {
    const tools = (made: MoveTools): MoveTools => {
      const sums = made.carriage.sums;
      made.carriage.sums = async (side) => (side === 'new' ? new Map([['isi', 'x']]) : sums(side));
      return made;
    };
    expect(await refused({ tools })).toBe('copy-differs');
  });
});
