import { AppError, NotProved } from '#libs/core/errors.js';
import { compareVersions, inRange } from '#libs/releases/version.js';
import type { App } from '#libs/templates/manifest.js';
import { sqlValues } from './acts.js';
import { idOf } from './registration.js';
import type { DesaTarget, Tools } from './target.js';

type Migration = NonNullable<App['migration']>;

export const migrationOf = ({ app }: DesaTarget): Migration => {
  if (!app.migration) throw new AppError('manifest-incomplete', { app: app.app, missing: 'migration' });
  return app.migration;
};

/** Id of the desa's own row. */
export async function configIdOf(target: DesaTarget, tools: Tools): Promise<number> {
  // Proved when it was registered; reading the key out of the folder again costs the engine a process.
  const { databaseId } = await tools.records.installation(target.installation.id);
  const configId = databaseId ?? (await idOf(target, tools));
  if (configId === undefined) throw new NotProved('desa-not-registered', { code: target.desa.code });
  return configId;
}

/** Whether the rows that prove the release's migration are missing: never inferred from a version on a page (facts/opensid 3.6). */
export async function needsMigration(target: DesaTarget, tools: Tools): Promise<boolean> {
  if (!target.app.migration) return false;
  const proof = migrationOf(target).proof.find((candidate) => inRange(target.release.version, candidate));
  if (!proof)
    throw new AppError('manifest-incomplete', {
      app: target.app.app,
      missing: `migration proof for ${target.release.version}`,
    });
  const configId = await configIdOf(target, tools);
  return !((await tools.gabungan.count(proof.sql, sqlValues(target, { configId }))) > 0);
}

/** Old and new release want the same schema: only code changes. */
export const isCodeOnly = ({ previous, release }: DesaTarget): boolean =>
  previous !== undefined && previous.databaseVersion !== null && previous.databaseVersion === release.databaseVersion;

/** The gabungan's record never goes down: older code on a newer schema leaves the schema what it is. */
export const isNewerThanGabungan = ({ gabungan, release }: DesaTarget): boolean =>
  gabungan.version === null || compareVersions(release.version, gabungan.version) > 0;

/** Lines of the application's log of this release that tell of an error it swallowed. */
export async function swallowedErrors(target: DesaTarget, tools: Tools): Promise<string[]> {
  const { logFolder, logErrors, logIgnore } = migrationOf(target);
  const text = await tools.runtimes.readLogs(target.oneOff, target.site.site, logFolder);
  const [wanted, ignored] = [logErrors, logIgnore].map((list) => list.map((pattern) => new RegExp(pattern)));
  return text
    .split('\n')
    .filter((line) => wanted?.some((pattern) => pattern.test(line)) && !ignored?.some((pattern) => pattern.test(line)))
    .map((line) => line.slice(0, 300));
}
