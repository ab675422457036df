/**
 * Every name the control plane gives on a server or in a database comes from here: pure, stable, collision-free.
 * Codes are digits without dots. `gabungan` is its short name, `[a-z][a-z0-9-]*`.
 */
export const site = (desaCode: string): string => `d${desaCode}`;
export const network = (gabungan: string): string => `sp-net-${gabungan}`;
export const gabunganContainer = (gabungan: string): string => `sp-db-${gabungan}`;
export const gabunganVolume = (gabungan: string): string => `sp-db-${gabungan}-data`;
/** On the server of a gabungan: the one way in for runtimes elsewhere, and its name in certificates. */
export const wayIn = (gabungan: string): string => `sp-way-${gabungan}`;
/** On another server: what stands there under the name of the database. */
export const wayDoor = (gabungan: string): string => `sp-door-${gabungan}`;
/** Keys and certificates of either end, by the name of its container. */
export const wayVolume = (container: string): string => `${container}-keys`;
export const gabunganDatabase = (gabungan: string): string => `gab_${gabungan.replaceAll('-', '_')}`;
export const gatewayContainer = (server: string): string => `sp-gateway-${server}`;
export const gatewayVolume = (server: string): string => `sp-gateway-${server}-config`;
/** Certificates, and the account with which they were asked for: a new one of each may be had only so often. */
export const certificateVolume = (server: string): string => `sp-gateway-${server}-certificates`;
export const edgeNetwork = (): string => 'sp-edge';
/** `own`: the site that has this runtime to itself (`--isolation own`). */
export const runtime = (app: string, version: string, gabungan: string, own?: string): string =>
  ['sp', app, version.replaceAll('.', '-'), gabungan, ...(own ? [own] : [])].join('-');
export const runtimeConfigVolume = (runtimeName: string): string => `${runtimeName}-conf`;
export const dataVolume = (app: string, gabungan: string): string => `sp-${app}-${gabungan}-data`;
export const oneOff = (runtimeName: string, runId: string): string => `${runtimeName}-run-${runId.slice(0, 8)}`;
/** A throw-away copy of a merged database, made and removed by one run: a name as a gabungan's. */
export const copyOf = (gabungan: string, runId: string): string => `${gabungan.slice(0, 20)}-copy-${runId.slice(0, 8)}`;
/** Beside the merged database: what is being restored, and what stood before until a person lets it go. */
export const restoredDatabase = (gabungan: string, runId: string): string =>
  `${gabunganDatabase(gabungan).slice(0, 40)}_pulih_${runId.slice(0, 8)}`;
export const keptDatabase = (gabungan: string, runId: string): string =>
  `${gabunganDatabase(gabungan).slice(0, 40)}_lama_${runId.slice(0, 8)}`;
/** MariaDB user names are at most 80 characters, ours at most 32. */
export const runtimeAccount = (app: string, desaCode: string): string => `sp_${app}_${desaCode}`.slice(0, 32);
export const ownerAccount = (gabungan: string): string => `sp_owner_${gabungan.replaceAll('-', '_')}`.slice(0, 32);
export const readerAccount = (gabungan: string): string => `sp_reader_${gabungan.replaceAll('-', '_')}`.slice(0, 32);
export const releaseImage = (app: string, version: string, sha256: string): string =>
  `siappakai/${app}:${version}-${sha256.slice(0, 12)}`;
export const baseImage = (php: string): string => `siappakai/php:${php}`;
/** The same PHP with composer beside it, and the container in which one release is made ready. */
export const composerImage = (php: string): string => `siappakai/composer:${php}`;
export const composerCache = (): string => 'sp-composer-cache';
export const workbench = (releaseId: string): string => `sp-build-${releaseId}`;
export const mariadbImage = (): string => 'siappakai/mariadb:10.11';
export const gatewayImage = (): string => 'siappakai/gateway:3';
export const wayImage = (): string => 'siappakai/way:1';
/** What a server needs of ours beside releases; it may have no other way to them than through us. */
export const serverImages = (): string[] => [gatewayImage(), mariadbImage(), wayImage()];
export const registryImage = (): string => 'siappakai/registry:1';
/** Beside the control plane, on the engine of its own machine. */
export const registryContainer = (): string => 'sp-registry';
export const registryVolume = (): string => 'sp-registry-data';
export const registryNetwork = (): string => 'sp-registry';
export const registryDoor = (id: string): string => `sp-registry-door-${id.slice(0, 8)}`;
export const registrySweeper = (): string => 'sp-registry-sweeper';
/** Labels on everything we make: who owns it and which run made it. */
export const labels = (more: Record<string, string> = {}): Record<string, string> => ({
  'siappakai.managed': 'yes',
  ...more,
});
