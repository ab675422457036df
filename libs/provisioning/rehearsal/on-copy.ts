import * as names from '#libs/catalog/names.js';
import type { Secret } from '#libs/core/secret.js';
import type { GabunganAddress } from '#libs/gabungan/gabungan-port.js';
import type { RuntimeSpec } from '#libs/runtimes/runtime-port.js';
import { siteOf } from '../site.js';
import type { DesaTarget, GabunganFacts } from '../target.js';

const factsOf = (target: DesaTarget, copy: GabunganAddress): GabunganFacts => ({
  ...target.gabungan,
  name: copy.name,
  host: copy.host,
  port: copy.port,
  database: copy.database,
  owner: copy.owner,
});

/** A runtime of the same release that nobody is routed to: its own name, network, settings and data. */
function runtimeOn(runtime: RuntimeSpec, copy: string, runId: string): RuntimeSpec {
  const name = names.runtime(runtime.app.app, runtime.version, copy);
  return {
    ...runtime,
    name,
    network: names.network(copy),
    dataVolume: names.dataVolume(runtime.app.app, copy),
    configVolume: names.runtimeConfigVolume(name),
    labels: names.labels({ 'siappakai.gabungan': copy, 'siappakai.run': runId }),
  };
}

/** The same desa, old and new code, as if the copy were its gabungan. Pure. */
export function onCopy(target: DesaTarget, copy: GabunganAddress, password: Secret): DesaTarget {
  const { id } = target.run;
  const gabungan = factsOf(target, copy);
  const runtime = runtimeOn(target.runtime, copy.name, id);
  const oneOffName = names.oneOff(runtime.name, id);
  const facts = { ...target.desa, uid: target.installation.uid };
  return Object.freeze({
    ...target,
    gabungan,
    installation: { ...target.installation, runtimePassword: password },
    runtime,
    previousRuntime: target.previousRuntime && runtimeOn(target.previousRuntime, copy.name, id),
    otherRuntimes: [],
    oneOff: { ...runtime, name: oneOffName, configVolume: names.runtimeConfigVolume(oneOffName) },
    site: siteOf(facts, gabungan, { user: target.account, password }),
    ownerSite: siteOf(facts, gabungan, gabungan.owner),
  });
}
