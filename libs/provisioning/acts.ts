import { randomBytes } from 'node:crypto';
import { NotProved } from '#libs/core/errors.js';
import type { Act } from '#libs/templates/manifest.js';
import type { Parameters } from '#libs/gabungan/gabungan-port.js';
import type { DesaTarget, Tools } from './target.js';

/** Values the manifest's SQL may name. */
export const sqlValues = (target: DesaTarget, more: Parameters = {}): Parameters => ({
  code: target.desa.code,
  name: target.desa.name,
  kecamatanCode: target.desa.kecamatanCode,
  kecamatanName: target.desa.kecamatanName,
  kabupatenCode: target.desa.kabupatenCode,
  kabupatenName: target.desa.kabupatenName,
  provinsiCode: target.desa.provinsiCode,
  provinsiName: target.desa.provinsiName,
  databaseVersion: target.release.databaseVersion,
  ...more,
});

/** Runs `work` while a one-off runtime with the owner's account stands beside the real ones; it always goes again. */
export async function withOneOff<T>(target: DesaTarget, tools: Tools, work: () => Promise<T>): Promise<T> {
  const { oneOff, ownerSite } = target;
  await tools.runtimes.remove(oneOff.name, oneOff.configVolume);
  try {
    await tools.runtimes.ensure(oneOff, [ownerSite]);
    return await work();
  } catch (error) {
    await tellLogs(target, tools);
    throw error;
  } finally {
    await tools.runtimes.remove(oneOff.name, oneOff.configVolume);
  }
}

/** What the application and its server said last: the one-off goes, the reason stays in the run's log. */
async function tellLogs({ app, oneOff, site }: DesaTarget, tools: Tools): Promise<void> {
  const folder = app.migration?.logFolder;
  const own = folder ? await tools.runtimes.readLogs(oneOff, site.site, folder).catch(() => '') : '';
  const server = await tools.docker.logs(oneOff.name, 20).catch(() => '');
  for (const line of `${own}\n${server}`
    .split('\n')
    .filter((text) => text.trim())
    .slice(-30))
    await tools.say('warn', line.slice(0, 500));
}

/** Plays a manifest's acts in the one-off runtime, in order. What they promise is proved elsewhere, by looking. */
export async function playActs(acts: Act[], target: DesaTarget, tools: Tools): Promise<void> {
  let cookie = '';
  for (const act of acts) {
    if ('get' in act) await visit(act, cookie, target, tools);
    else if ('run' in act) await command(act, target, tools);
    else if ('sql' in act) await tools.gabungan.query(act.sql, sqlValues(target));
    else cookie = await session(act.session, target, tools);
  }
}

async function visit(
  act: Extract<Act, { get: string }>,
  cookie: string,
  target: DesaTarget,
  tools: Tools,
): Promise<void> {
  const { oneOff, desa, site } = target;
  const answer = await tools.gateway.get({
    runtime: oneOff.name,
    port: 8080,
    gateKey: oneOff.gateKey.reveal(),
    site: site.site,
    domain: desa.domain,
    path: act.get,
    timeoutSeconds: act.timeoutSeconds,
    headers: cookie ? { Cookie: cookie } : {},
  });
  await tools.say('info', `GET ${act.get} answered ${answer.status}`);
  if (!act.expect.includes(answer.status))
    throw new NotProved('visit-refused', { path: act.get, status: answer.status });
}

async function command(act: Extract<Act, { run: string[] }>, target: DesaTarget, tools: Tools): Promise<void> {
  const { oneOff, site } = target;
  const user = `${site.uid}:${site.uid}`;
  const result = await tools.docker.exec(oneOff.name, act.run, {
    user,
    env: tools.runtimes.environment(oneOff, target.ownerSite),
    workingDirectory: `/conf/sites/${site.site}`,
  });
  for (const line of `${result.stdout}\n${result.stderr}`.split('\n').filter((text) => text.trim()))
    await tools.say('info', line);
}

/** Puts a session file where the site's PHP looks for it and answers the cookie that opens it. */
async function session(act: { cookie: string; content: string }, target: DesaTarget, tools: Tools): Promise<string> {
  const id = randomBytes(20).toString('hex');
  await tools.runtimes.writeState(target.oneOff, target.ownerSite, `tmp/${act.cookie}${id}`, act.content);
  return `${act.cookie}=${id}`;
}
