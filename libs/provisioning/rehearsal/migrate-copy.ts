import { NotProved } from '#libs/core/errors.js';
import type { Row } from '#libs/gabungan/gabungan-port.js';
import { schemaChanges } from '#libs/gabungan/schema-changes.js';
import { scrub } from '#libs/runs/scrub.js';
import { playActs, withOneOff } from '../acts.js';
import { askSite } from '../health.js';
import { migrationOf, needsMigration, swallowedErrors } from '../migration.js';
import type { DesaTarget, Tools } from '../target.js';
import { failureOf } from './judge.js';
import type { Failure, MigrationSeen } from './notes.js';
import { lostRows, rowsPerDesa, type RowsPerDesa } from './rows-per-desa.js';
import { actorOf, runningOf, type RehearsalTarget, type RehearsalTools } from './target.js';
import { wayOn } from './way-on.js';

interface State {
  rows: RowsPerDesa;
  schema: Row[];
  held: string[];
}

async function stateOf({ app }: RehearsalTarget, { copy: { gabungan } }: RehearsalTools): Promise<State> {
  const invariants = await gabungan.invariants(app.invariants);
  return {
    rows: app.rows ? await rowsPerDesa(gabungan, app.rows.column) : {},
    schema: await gabungan.schema(),
    held: invariants.filter(({ expected, observed }) => expected === observed).map(({ name }) => name),
  };
}

/** What the application said while one desa was migrated: errors that it swallowed, or its refusal. */
interface Played {
  swallowed: string[];
  refusal: Failure | null;
}

/** The new code migrates one desa on the copy, as it will on the real one: as the owner, in a runtime of its own. */
async function play(actor: DesaTarget, copy: Tools, running: string): Promise<Played> {
  return withOneOff(actor, copy, async () => {
    await copy.runtimes.emptyState(actor.oneOff, actor.ownerSite, [migrationOf(actor).logFolder]);
    try {
      await playActs(migrationOf(actor).acts, actor, copy);
    } catch (error) {
      if (!(error instanceof NotProved)) throw error;
      return { swallowed: await swallowedErrors(actor, copy), refusal: await refusalOf(actor, copy, running) };
    }
    return { swallowed: await swallowedErrors(actor, copy), refusal: null };
  });
}

/** The page is looked at again, for its words: does it ask for another version first? */
async function refusalOf(actor: DesaTarget, copy: Tools, running: string): Promise<Failure> {
  const { app, release, oneOff } = actor;
  const { status, words } = await askSite(actor, copy, oneOff);
  const minimum = app.tour?.refusal ? new RegExp(app.tour.refusal, 'is').exec(words)?.[1] : undefined;
  const data = { version: release.version, running };
  return minimum
    ? { code: 'rehearsal-refused', data: { ...data, minimum } }
    : { code: 'rehearsal-not-answering', data: { ...data, path: app.health.path, status, words: scrub(words) } };
}

/** A neighbour migrates too only where each desa has rows of its own to prove: else the canary did it for all. */
async function playAll(target: RehearsalTarget, { copy }: RehearsalTools): Promise<Played & { seconds: number }> {
  const began = performance.now();
  const first = await play(actorOf(target), copy, runningOf(target));
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  const swallowed = [...first.swallowed];
  for (const actor of first.refusal ? [] : target.actors.slice(1)) {
    if (!(await needsMigration(actor, copy))) continue;
    swallowed.push(...(await play(actor, copy, runningOf(target))).swallowed);
  }
  return { swallowed: swallowed.map(scrub), refusal: first.refusal, seconds };
}

async function isProved(target: RehearsalTarget, { copy }: RehearsalTools): Promise<boolean> {
  for (const actor of target.actors) if (await needsMigration(actor, copy)) return false;
  return true;
}

/** Migrates the copy and tells everything the comparison of before and after shows. */
export async function migrateCopyOf(target: RehearsalTarget, tools: RehearsalTools): Promise<MigrationSeen> {
  const { app, release, canary } = target;
  const before = await stateOf(target, tools);
  const fingerprintBefore = await tools.copy.gabungan.fingerprint();
  const played = await playAll(target, tools);
  const after = await stateOf(target, tools);
  const fingerprint = await tools.copy.gabungan.fingerprint();
  const rowsLost = lostRows(before.rows, after.rows, migrationOf(canary).mayShrink);
  const isCodeOnly =
    fingerprint.sha256 === fingerprintBefore.sha256 && release.databaseVersion === canary.previous?.databaseVersion;
  const way = wayOn(runningOf(target), release.version, await tools.catalogue());
  const broken = app.invariants
    .map(({ name }) => name)
    .filter((name) => before.held.includes(name) && !after.held.includes(name));
  const seen = { swallowed: played.swallowed, isProved: await isProved(target, tools), lost: rowsLost, broken, way };
  const failure =
    refused(played.refusal, way, isCodeOnly) ??
    failureOf({ ...seen, version: release.version, running: runningOf(target) });
  return {
    seconds: played.seconds,
    isCodeOnly,
    fingerprint,
    schemaChanges: schemaChanges(before.schema, after.schema),
    rowsLost,
    swallowedErrors: played.swallowed,
    failure,
  };
}

/** A page of code alone touches nobody's data: the probe of the canary judges it. */
const refused = (refusal: Failure | null, way: string, isCodeOnly: boolean): Failure | null =>
  refusal && !(isCodeOnly && refusal.code === 'rehearsal-not-answering')
    ? { ...refusal, data: { ...refusal.data, way } }
    : null;
