import { faultsOf } from '#libs/runtimes/container.js';
import type { ContainerView } from '#libs/servers/docker.js';
import type { Answer, Finding } from './drift.js';
import { presence } from './drift-of-server.js';
import type { Seen } from './seen.js';
import type { Wanted, WantedRuntime } from './wanted.js';

type Kind = 'runtime-missing' | 'runtime-stopped' | 'runtime-silent' | 'runtime-image' | 'runtime-settings';
type Answers = Record<Kind, Answer>;

export const runtimeFindings = ({ runtimes }: Wanted, seen: Seen): Finding[] =>
  runtimes.flatMap((runtime) => {
    const { spec, kabupatenId, desaId } = runtime;
    const about = { key: spec.name, subject: spec.name, kabupatenId, desaId, app: spec.app.app };
    const answers = Object.entries(answersOf(runtime, seen)) as [Kind, Answer][];
    return answers.map(([kind, answer]) => ({ kind, ...about, answer }));
  });

const nothing = (answer: Answer): Answers => ({
  'runtime-missing': answer,
  'runtime-stopped': answer,
  'runtime-silent': answer,
  'runtime-image': answer,
  'runtime-settings': answer,
});

function answersOf(runtime: WantedRuntime, seen: Seen): Answers {
  if (runtime.isBusy) return nothing('unknown');
  const found = seen.containers.find(({ name }) => name === runtime.spec.name);
  const { missing, stopped } = presence(found);
  if (!found || stopped !== 'well')
    return { ...nothing('unknown'), 'runtime-missing': missing, 'runtime-stopped': stopped };
  return { ...nothing('well'), ...running(runtime, found, seen) };
}

/** Whoever put another image there did not ask for our settings: the image says it all. */
function running({ spec }: WantedRuntime, found: ContainerView, { live }: Seen): Partial<Answers> {
  const isLive = live.get(spec.name);
  const settings = faultsOf(spec, found).filter((fault) => fault !== 'image');
  const isImageWrong = found.image !== spec.image;
  return {
    'runtime-image': isImageWrong ? { image: found.image, wantedImage: spec.image } : 'well',
    'runtime-settings': isImageWrong ? 'unknown' : settings.length > 0 ? { settings } : 'well',
    'runtime-silent': isLive === undefined || isImageWrong ? 'unknown' : isLive ? 'well' : {},
  };
}
