import { Conflict, NotProved } from '#libs/core/errors.js';
import type { Images, NamedImage } from '#libs/images/images-port.js';
import type { Journal } from '#libs/runs/journal.js';
import { leave, type Step } from '#libs/runs/step.js';
import type { RehearsalTarget, RehearsalTools } from '../rehearsal/target.js';
import type { DesaTarget, ReleaseFacts, Tools } from '../target.js';

export interface ShipTarget {
  server: { name: string };
  release: Pick<ReleaseFacts, 'version' | 'image' | 'imageId'>;
}

export interface ShipTools {
  images: Images;
  say: Journal['say'];
}

function wantedOf({ version, image, imageId }: ShipTarget['release']): NamedImage {
  if (!image) throw new Conflict('release-not-built', { version });
  return { image, imageId };
}

/** The image of a release on a server, before any desa there is touched; known by its id, whatever its name says. */
const ship = <Target, Hands>(
  at: (target: Target) => ShipTarget,
  hands: (tools: Hands) => ShipTools,
): Step<Target, Hands, null> => ({
  name: 'ship-image',
  async plan(target, tools) {
    const { server, release } = at(target);
    const wanted = wantedOf(release);
    const isThere = await hands(tools).images.holds(wanted);
    return { says: isThere ? [] : [`bring ${wanted.image} to ${server.name}`], before: null };
  },
  async run(target, tools) {
    const { images, say } = hands(tools);
    const wanted = wantedOf(at(target).release);
    if (await images.holds(wanted)) return;
    await images.bring(wanted, (line) => void say('info', line, 'ship-image').catch(() => undefined));
  },
  async verify(target, tools) {
    const { version, image, imageId } = at(target).release;
    if (!(await hands(tools).images.holds({ image: image ?? '', imageId })))
      throw new NotProved('image-not-on-server', { version, image });
  },
  undo: leave('an image that lies there changes nothing; old ones are pruned'),
});

export const shipImage = ship<DesaTarget, Tools>(
  (target) => target,
  (tools) => tools,
);

/** A rehearsal needs it where its canary stands. */
export const shipForRehearsal = ship<RehearsalTarget, RehearsalTools>(
  ({ canary, release }) => ({ server: canary.server, release }),
  ({ real }) => real,
);

export const shipRelease = ship<ShipTarget, ShipTools>(
  (target) => target,
  (tools) => tools,
);
