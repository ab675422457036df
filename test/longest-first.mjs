import Sequencer from '@jest/test-sequencer';

/** Seconds alone on two cores, as far as they are long: what begins last must not be what lasts longest. */
const SECONDS = {
  'e2e/chaos.spec.ts': 450,
  'e2e/chaos-gabungan.spec.ts': 400,
  'e2e/main-job.spec.ts': 195,
  'e2e/rollout.spec.ts': 200,
  'e2e/console.spec.ts': 155,
  'e2e/clock.spec.ts': 120,
  'e2e/places.spec.ts': 110,
  'medium/rehearsal.spec.ts': 110,
  'medium/migrate-gabungan.spec.ts': 110,
  'medium/looks.spec.ts': 150,
  'medium/way.spec.ts': 148,
  'medium/moves.spec.ts': 144,
  'medium/ssh-waiting.spec.ts': 95,
  'medium/ship.spec.ts': 84,
  'medium/gateway-https.spec.ts': 80,
};
const secondsOf = ({ path }) => Object.entries(SECONDS).find(([file]) => path.endsWith(`/test/${file}`))?.[1] ?? 0;

/** The long ones first; the others as Jest knows them from the last time, or by their size. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    return super.sort(tests).sort((left, right) => secondsOf(right) - secondsOf(left));
  }
}
