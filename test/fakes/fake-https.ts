import type { Gateway, Route } from '#libs/gateway/gateway-port.js';
import type { HttpsSettings } from '#libs/gateway/https.js';
import type { HttpsTools } from '#libs/provisioning/https-target.js';
import type { Docker } from '#libs/servers/docker.js';
import { Calls } from './calls.js';

/** The proxy of a server and its record, as plain data. What it was told and its routes lie in a volume. */
export interface HttpsWorld {
  container: { isRunning: boolean; opensHttps: boolean } | null;
  told: HttpsSettings;
  joined: string[];
  routes: Route[];
  recorded: HttpsSettings;
  /** Fingerprints that are shown to everybody. */
  shows: string[];
}

/** Each part of the work counts, and may be told to fail: a container that is gone is one that nobody made anew yet. */
export const httpsTools =
  (world: HttpsWorld) =>
  ({ act }: Calls): HttpsTools => ({
    docker: {
      container: () => act(() => world.container && { state: world.container.isRunning ? 'running' : 'exited' }),
    } as unknown as Docker,
    gatewayWith: (settings) => Promise.resolve(gatewayWith(world, act, settings)),
    recorded: () => act(() => structuredClone(world.recorded)),
    record: (settings) => act(() => void (world.recorded = structuredClone(settings))),
  });

function gatewayWith(world: HttpsWorld, act: Calls['act'], settings: HttpsSettings): Gateway {
  const opensHttps = settings.way !== 'off';
  const isTold = (): boolean => JSON.stringify(world.told) === JSON.stringify(settings);
  const gateway: Partial<Gateway> = {
    faults: () =>
      act(() =>
        world.container?.isRunning
          ? [...(world.container.opensHttps === opensHttps ? [] : ['ports']), ...(isTold() ? [] : ['https'])]
          : [],
      ),
    async renew() {
      if (world.container && world.container.opensHttps !== opensHttps)
        await act(() => Object.assign(world, { container: null, joined: [] }));
      if (!world.container) await act(() => void (world.container = { isRunning: false, opensHttps }));
      await act(() => void (world.container!.isRunning = true));
      await act(() => void (world.told = structuredClone(settings)));
    },
    joinNetwork: (network) => act(() => void (world.joined = [...new Set([...world.joined, network])])),
    routes: () => act(() => world.routes),
    restore: (routes) => act(() => void world.routes.push(...routes)),
    served: () => act(() => world.shows),
  };
  return gateway as Gateway;
}
