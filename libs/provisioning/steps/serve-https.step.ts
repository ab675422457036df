import { NotProved, Unavailable } from '#libs/core/errors.js';
import { covers, directoryOf, isSame, type HttpsSettings } from '#libs/gateway/https.js';
import type { Step } from '#libs/runs/step.js';
import { missingRoutes, raiseGateway, renewals, type GatewayTools } from '../gateway-work.js';
import type { HttpsTarget, HttpsTools } from '../https-target.js';

type HttpsStep = Step<HttpsTarget, HttpsTools, HttpsSettings>;

const toolsWith = async (tools: HttpsTools, settings: HttpsSettings): Promise<GatewayTools> => ({
  docker: tools.docker,
  gateway: await tools.gatewayWith(settings),
});

function wordsOf({ wanted, certificates, routes }: HttpsTarget): string {
  const { way, email } = wanted;
  const given = certificates.map(({ names }) => names.join(' ')).join(', ');
  const words = {
    off: 'serve HTTP alone',
    acme: `ask ${directoryOf(wanted)} for certificates of ${routes.length} domains, contact ${email ?? ''}`,
    own: 'serve HTTPS with the certificates that were given',
    internal: 'serve HTTPS with certificates that the gateway signs itself; browsers warn of them',
  }[way];
  return given ? `${words}: ${given}` : words;
}

function staysHttp({ wanted, certificates, routes }: HttpsTarget): string[] {
  if (wanted.way !== 'own') return [];
  const names = certificates.flatMap((one) => one.names);
  const bare = routes.map(({ domain }) => domain).filter((domain) => !names.some((name) => covers(name, domain)));
  return bare.length > 0 ? [`no certificate covers ${bare.join(', ')}: HTTP stays there`] : [];
}

const believes = ({ wanted: { trustedProxies } }: HttpsTarget): string[] =>
  trustedProxies.length > 0 ? [`believe ${trustedProxies.join(', ')} about visitors`] : [];

async function says(target: HttpsTarget, tools: GatewayTools): Promise<string[]> {
  const isRunning = (await tools.docker.container(target.gateway))?.state === 'running';
  if (isRunning && (await tools.gateway.faults()).length === 0) return [];
  const container = isRunning ? await renewals(target, tools) : [`start ${target.gateway}`];
  return [wordsOf(target), ...believes(target), ...staysHttp(target), ...container];
}

/** A visitor of every given certificate's name is shown one of the given ones. */
async function assertShown({ certificates }: HttpsTarget, { gateway }: GatewayTools): Promise<void> {
  const given = certificates.map(({ fingerprint }) => fingerprint);
  for (const { names } of certificates) {
    const name = names[0]!.replace('*', 'periksa');
    const [shown = ''] = await gateway.served(name);
    if (!given.includes(shown)) throw new NotProved('https-not-served', { name, shown });
  }
}

/** The gateway is told by its API; its container is made anew only when a port is to be opened or closed. */
export const serveHttps: HttpsStep = {
  name: 'serve-https',
  async plan(target, tools) {
    return { says: await says(target, await toolsWith(tools, target.wanted)), before: await tools.recorded() };
  },
  run: async (target, tools) => raiseGateway(target, await toolsWith(tools, target.wanted)),
  async verify(target, tools) {
    const as = await toolsWith(tools, target.wanted);
    const missing = await missingRoutes(target, as);
    if (missing?.length !== 0) throw new Unavailable('gateway-not-answering', { server: target.name });
    const faults = await as.gateway.faults();
    if (faults.length > 0) throw new NotProved('gateway-not-as-told', { server: target.name, faults });
    await assertShown(target, as);
  },
  undo: async (target, tools, before) => raiseGateway(target, await toolsWith(tools, before)),
};

/** From here on looks compare with these settings, and whoever starts the gateway tells it these. */
export const recordHttps: HttpsStep = {
  name: 'record-https',
  async plan({ wanted }, tools) {
    const before = await tools.recorded();
    return { says: isSame(before, wanted) ? [] : [`record the way of HTTPS: ${wanted.way}`], before };
  },
  run: ({ wanted }, tools) => tools.record(wanted),
  async verify({ name, wanted }, tools) {
    if (!isSame(await tools.recorded(), wanted)) throw new NotProved('https-not-recorded', { name });
  },
  undo: (_target, tools, before) => tools.record(before),
};
