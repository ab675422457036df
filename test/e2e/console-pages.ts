import type { Fleet } from '#test/fakes/fake-fleet.js';

/** Every page of the console, as it is reached in a fleet in the middle of its month. */
export const pagesOf = (fleet: Fleet): [name: string, path: string][] => {
  const installed = fleet.desa.find(({ installations }) => installations.length > 0);
  return [
    ['beranda', '/'],
    ['desa', '/desa'],
    ['satu-desa', `/desa/${installed?.code}`],
    ...fleet.holds.slice(0, 1).map(({ code }): [string, string] => ['desa-ditahan', `/desa/${code}`]),
    ['tambah-desa', '/desa?add=1'],
    ['rilis', '/releases'],
    ['satu-rilis', '/releases/opensid/v2602.0.0'],
    ['peluncuran', '/rollouts'],
    ...fleet.rollouts.map(({ id, state }): [string, string] => [`peluncuran-${state}`, `/rollouts/${id}`]),
    ['peluncuran-baru', '/rollouts/new'],
    ['pekerjaan', '/runs'],
    ['satu-pekerjaan', `/runs/${fleet.runs[0]?.id}`],
    ['server', '/servers'],
    ['penyimpangan', '/drift'],
    ['penyimpangan-server', '/drift?server=pusat'],
    ['gabungan', '/gabungan'],
    ['satu-gabungan', `/gabungan/${fleet.gabungan[0]?.name}`],
    ['pengaturan', '/settings'],
    ['pengguna', '/settings/users'],
    ['tambah-pengguna', '/settings/users?add=1'],
    ['satu-pengguna', '/settings/users/sari'],
    ['akun', '/account'],
    ['jejak', '/audit'],
    ['tidak-ada', '/tidak-ada'],
  ];
};
