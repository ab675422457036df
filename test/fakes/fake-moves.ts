import type { Desa } from '#libs/contract/contract.js';
import type { Body } from './fake-answers.js';
import { anInstallation } from './fake-fleet.js';

type Installation = Desa['installations'][number];

/** What stays for a day after a move from `pusat`. */
const aKeptPlace = (): NonNullable<Installation['kept']> => ({
  server: 'pusat',
  until: new Date(Date.now() + 86_400_000).toISOString(),
  dns: '10.0.0.7',
  downtimeSeconds: 4.2,
  predictedSeconds: 3.8,
});

/** What a run of this verb leaves of an installation. */
export const installedBy = (verb: string, { version = 'v2602.0.0', server = 'dua' }: Body): Installation => ({
  ...anInstallation(version),
  ...(verb === 'move' ? { server, kept: aKeptPlace() } : {}),
});
