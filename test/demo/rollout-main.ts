import { addRelease, askedOf, codesOf, failedOf, installFleet, roll, versionsOf, type Fleet } from './fleet.js';
import { onStage, SITE_PORT, tell } from './stage.js';

const DESA = Number(process.env.DEMO_DESA ?? 24);
/** Two desa go first, then half, then the rest. */
const WAVES = { waves: [{ count: 2 }, { percent: 50 }, { percent: 100 }] };

interface Chapter {
  version: string;
  says: string;
  /** What the rollout must end as, and what every site must answer after it. */
  ends: 'finished' | 'paused';
  /** In which phase a paused one stands. */
  phase: 'rehearse' | 'waves';
  after: string;
}
const CHAPTERS: Chapter[] = [
  { version: 'v2602.2.0', says: 'its migration fails half-way', ends: 'paused', phase: 'rehearse', after: '2601.0.0' },
  { version: 'v2602.0.0', says: 'good, changes the schema', ends: 'finished', phase: 'waves', after: '2602.0.0' },
  { version: 'v2602.1.0', says: 'answers 500, code only', ends: 'paused', phase: 'waves', after: '2602.0.0' },
  { version: 'v2602.0.1', says: 'good, code only', ends: 'finished', phase: 'waves', after: '2602.0.1' },
];

async function play(fleet: Fleet, chapter: Chapter): Promise<Record<string, unknown>> {
  const { version, says, ends, phase, after } = chapter;
  tell(`release ${version} of the stand-in (${says}): add, check, build, roll`);
  await addRelease(fleet, version);
  const { rollout, probed } = await roll(fleet, version, WAVES, (text) => tell(`  ${version}: ${text}`));
  const versions = await versionsOf(fleet);
  const touched = rollout.desa.filter(({ state }) => state === 'done' || state === 'failed').length;
  const isGood =
    rollout.state === ends &&
    rollout.phase === phase &&
    versions.every((seen) => seen === after) &&
    failedOf(probed) === 0;
  if (ends === 'paused') await fleet.plane.client.post(`/rollouts/${rollout.id}/stop`);
  return {
    release: version,
    'what it is': says,
    'ended as': `${rollout.state} (${rollout.phase})`,
    because: rollout.problem?.code ?? '',
    'desa touched': touched,
    'versions observed': [...new Set(versions)].join(', '),
    'requests failed': `${failedOf(probed)} of ${askedOf(probed)}`,
    'as it should be': isGood,
  };
}

/** `npm run demo -- --rollout`: a month of a whole kabupaten, with two bad releases on the way. */
export const rolloutDemo = (): Promise<void> =>
  onStage('rollout', async (plane, stage) => {
    const codes = await codesOf(plane.client, DESA);
    const fleet: Fleet = { plane, ...stage, sitePort: SITE_PORT, codes };
    tell(`${DESA} desa at v2601.0.0 (registration is one at a time)`);
    let count = 0;
    await installFleet(fleet, 'v2601.0.0', (code) => tell(`  ${code}: ${++count} of ${DESA}`));
    const lines = [];
    for (const chapter of CHAPTERS) lines.push(await play(fleet, chapter));
    console.table(lines);
    return lines.every((line) => line['as it should be'] === true);
  });
