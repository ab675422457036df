import type { Fleet } from '#test/fakes/fake-fleet.js';

/** Every page of the console, as it is reached in a fleet in the middle of its month. */
export const pagesOf = (fleet: Fleet): [name: string, path: string][] => {
  const installed = fleet.desa.find(({ installations }) => installations.length > 0);
  return [
    ['beranda', '/'],
    ['desa', '/desa'],
    ['satu-desa', `/desa/${installed?.code}`],
    ['tambah-desa', '/desa?add=1'],
    ['rilis', '/releases'],
    ['satu-rilis', '/releases/opensid/v2602.0.0'],
    ['pekerjaan', '/runs'],
    ['satu-pekerjaan', `/runs/${fleet.runs[0]?.id}`],
    ['server', '/servers'],
    ['gabungan', '/gabungan'],
    ['satu-gabungan', `/gabungan/${fleet.gabungan[0]?.name}`],
    ['jejak', '/audit'],
    ['tidak-ada', '/tidak-ada'],
  ];
};
