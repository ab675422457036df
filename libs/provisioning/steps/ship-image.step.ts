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

/** The images of releases on a server, before any desa there is touched; known by their ids, whatever their names say. */
const ship = <Target, Hands>(
  at: (target: Target) => ShipTarget[],
  hands: (tools: Hands) => ShipTools,
): Step<Target, Hands, null> => {
  const lacking = async (target: Target, tools: Hands): Promise<ShipTarget[]> => {
    const lacks: ShipTarget[] = [];
    for (const one of at(target)) if (!(await hands(tools).images.holds(wantedOf(one.release)))) lacks.push(one);
    return lacks;
  };
  return {
    name: 'ship-image',
    async plan(target, tools) {
      const lacks = await lacking(target, tools);
      return { says: lacks.map(({ server, release }) => `bring ${release.image} to ${server.name}`), before: null };
    },
    async run(target, tools) {
      const { images, say } = hands(tools);
      const hear = (line: string): void => void say('info', line, 'ship-image').catch(() => undefined);
      for (const { release } of await lacking(target, tools)) await images.bring(wantedOf(release), hear);
    },
    async verify(target, tools) {
      for (const { release } of await lacking(target, tools))
        throw new NotProved('image-not-on-server', { version: release.version, image: release.image });
    },
    undo: leave('an image that lies there changes nothing; old ones are pruned'),
  };
};

export const shipImage = ship<DesaTarget, Tools>(
  (target) => [target],
  (tools) => tools,
);

/** A rehearsal asks the old and the new code on the server of the gabungan, where no desa need stand. */
export const shipForRehearsal = ship<RehearsalTarget, RehearsalTools>(
  ({ gabungan, canary, release }) =>
    [canary.previous, release].flatMap((one) =>
      one ? [{ server: { name: `the server of ${gabungan.name}` }, release: one }] : [],
    ),
  ({ copy }) => copy,
);

export const shipRelease = ship<ShipTarget, ShipTools>(
  (target) => [target],
  (tools) => tools,
);
