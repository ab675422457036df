import { randomUUID } from 'node:crypto';
import type {
  AuditRow,
  Desa,
  GabunganView,
  Kabupaten,
  LogLine,
  Problem,
  Release,
  Run,
  RunWithSteps,
  Step,
} from '#libs/contract/contract.js';
import type { Server } from '#libs/contract/servers.js';

import type { Drift } from '#libs/contract/looks.js';
import type { GabunganBackup, Hold, KeptDatabase, policyShown, RolloutWhole } from '#libs/contract/rollouts.js';

/** Rows of a stand-in fleet; nothing here is a real desa's. */
export interface Fleet {
  kabupaten: Kabupaten[];
  servers: Server[];
  gabungan: GabunganView[];
  releases: Release[];
  desa: Desa[];
  runs: RunWithSteps[];
  logs: Map<string, LogLine[]>;
  audit: AuditRow[];
  rollouts: RolloutWhole[];
  holds: Hold[];
  backups: GabunganBackup[];
  kept: KeptDatabase[];
  drift: Drift[];
  policies: Map<string, (typeof policyShown)['_output']>;
}

const now = () => new Date().toISOString();
const kabupatenId = randomUUID();
const serverId = randomUUID();

export const emptyFleet = (): Fleet => ({
  kabupaten: [],
  servers: [],
  gabungan: [],
  releases: [],
  desa: [],
  runs: [],
  logs: new Map(),
  audit: [],
  rollouts: [],
  holds: [],
  backups: [],
  kept: [],
  drift: [],
  policies: new Map(),
});

export const aKabupaten = (code = '1307'): Kabupaten => ({
  id: kabupatenId,
  code,
  name: 'Lima Puluh Kota',
  provinsiName: 'Sumatera Barat',
  desaCount: 79,
  subscriptionEndsOn: '2026-12-31',
});

export const aServer = (name: string): Server => ({
  id: serverId,
  kabupatenId,
  name,
  address: 'unix:/var/run/docker.sock',
  httpPort: 80,
  httpsPort: 443,
  https: 'off',
  internalAddress: null,
  facts: { engine: '20.10.24', cpus: 8, memoryMiB: 15_872, freeDiskGiB: 212 },
  checkedAt: now(),
  problem: null,
  ssh: null,
  circuit: { state: 'closed', since: null, nextAt: null, problem: null },
});

export const aGabungan = (name: string, serverName: string): GabunganView => ({
  id: randomUUID(),
  kabupatenId,
  serverId,
  serverName,
  name,
  edition: 'umum',
  state: 'running',
  host: `sp-${name}-db`,
  port: 3306,
  databaseName: 'opensid',
  ownerUser: 'sp_owner',
  readerUser: 'sp_reader',
  version: 'v2601.0.0',
  fingerprint: { sha256: 'b1f8d2c39a77e5504411', tables: 214, views: 17 },
  invariants: [
    { name: 'orphans', expected: 0, observed: 0 },
    { name: 'users', expected: 79, observed: 79 },
  ],
  checkedAt: now(),
  desaCount: 79,
  keepBackups: 7,
});

export const aRelease = (version: string, state: Release['state'] = 'built'): Release => ({
  id: randomUUID(),
  app: 'opensid',
  version,
  edition: 'umum',
  sha256: '6d0f5a9be2c14f7a'.repeat(4),
  source: 'archive',
  php: '8.2',
  databaseVersion: '2026010101',
  minimumVersion: 'v2501.0.0',
  state,
  image: state === 'built' ? `siappakai/opensid:${version}` : null,
  imageId: state === 'built' ? 'sha256:1f2e3d4c5b6a' : null,
  problem: null,
  createdAt: now(),
  builtAt: state === 'built' ? now() : null,
  usedBy: 0,
  withdrawal: null,
});

const names = [
  'Koto Baru',
  'Sungai Rimbang',
  'Pandam Gadang',
  'Gurun',
  'Talang Anau',
  'Mungka',
  'Situjuah Batua',
  'Taram',
  'Halaban',
  'Andaleh',
];

export const aDesa = (position: number, version: string | null): Desa => {
  const code = `1307${String((position % 13) + 1).padStart(2, '0')}2${String(position + 1).padStart(3, '0')}`;
  const name =
    names[position % names.length]! + (position >= names.length ? ` ${Math.floor(position / names.length) + 1}` : '');
  const domain = `${name.toLowerCase().replaceAll(' ', '-')}.desa.contoh`;
  return {
    id: randomUUID(),
    kabupatenId,
    code,
    name,
    sebutan: 'Nagari',
    kecamatanCode: code.slice(0, 6),
    kecamatanName: ['Payakumbuh', 'Suliki', 'Guguak'][position % 3]!,
    domain,
    zone: 'WIB',
    note: '',
    subscription: { endsOn: '2026-12-31', isOwn: false },
    url: `http://${domain}`,
    installations: version ? [anInstallation(version)] : [],
  };
};

export const anInstallation = (version: string): Desa['installations'][number] => ({
  app: 'opensid',
  state: 'running',
  wantedVersion: version,
  observedVersion: version,
  observedTitle: 'Login Nagari',
  observedAt: now(),
  server: 'pusat',
  gabungan: 'limapuluhkota',
  isolation: 'shared',
  problem: null,
  openRunId: null,
  kept: null,
});

export const aProblem = (status: number, code: string): Problem => ({
  type: `urn:siappakai:problem:${code}`,
  title: 'Situs tidak menjawab dengan versi yang benar',
  status,
  code,
  detail: 'Diminta v2602.0.0, situs menjawab 500.',
  hint: 'Baca catatan langkah ini, lalu coba rilis lain.',
  data: {},
});

const says: Record<string, string[]> = {
  'check-target': ['ask koto.desa.contoh/index.php/siteman for its name and v2601.0.0'],
  'backup-desa': ['back up rows and folder of Koto and restore them on the side'],
  'migrate-desa': ['migrate opensid to v2602.0.0 as its owner'],
  'start-runtime': ['start runtime sp-opensid-v2602 from siappakai/opensid:v2602.0.0'],
  'place-site': ['place d1307012001 in sp-opensid-v2602'],
  'probe-site': ['ask koto.desa.contoh/index.php/siteman for its name and v2602.0.0'],
  'switch-route': ['route koto.desa.contoh to sp-opensid-v2602'],
  'record-site': ['look at koto.desa.contoh again and record what it answers'],
};

const stepsOf = (): Step[] =>
  Object.entries(says).map(([name, sentences], position) => ({
    position,
    name,
    state: 'waiting',
    says: sentences,
    undoReason: name === 'backup-desa' ? 'a backup is kept' : null,
    problem: null,
    attempts: 0,
    startedAt: null,
    endedAt: null,
  }));

export const aRun = (
  verb: string,
  subject: { kind: Run['subjectKind']; id: string; label: string },
  state: Run['state'] = 'queued',
): RunWithSteps => ({
  id: randomUUID(),
  kabupatenId,
  verb,
  subjectKind: subject.kind,
  subjectId: subject.id,
  subjectLabel: subject.label,
  app: subject.kind === 'gabungan' ? null : 'opensid',
  state,
  waiting: null,
  problem: null,
  askedBy: 'admin',
  createdAt: now(),
  startedAt: null,
  endedAt: null,
  expectedSeconds: 42,
  steps: stepsOf(),
});

/** A fleet in the middle of its month: some desa behind, one broken run, one release not built. */
export const fullFleet = (desaCount = 79): Fleet => {
  const fleet = emptyFleet();
  fleet.kabupaten.push(aKabupaten());
  fleet.servers.push(aServer('pusat'));
  fleet.gabungan.push(aGabungan('limapuluhkota', 'pusat'));
  fleet.releases.push(aRelease('v2603.0.0', 'added'), aRelease('v2602.0.0'), aRelease('v2601.0.0'));
  for (let position = 0; position < desaCount; position += 1)
    fleet.desa.push(aDesa(position, position < 4 ? null : position < 30 ? 'v2601.0.0' : 'v2602.0.0'));
  const failed = fleet.desa[5];
  if (failed) {
    failed.installations[0] = { ...anInstallation('v2602.0.0'), observedVersion: 'v2601.0.0' };
    const run = aRun('update', { kind: 'desa', id: failed.id, label: failed.name }, 'broken');
    run.startedAt = now();
    run.endedAt = now();
    run.problem = aProblem(502, 'not-proved');
    run.steps.forEach(
      (step, position) => (step.state = position < 5 ? 'undone' : position === 5 ? 'failed' : 'waiting'),
    );
    run.steps[5]!.problem = run.problem;
    fleet.runs.push(run);
  }
  fleet.audit.push({
    id: 1,
    at: now(),
    actor: 'admin',
    kabupatenId,
    action: 'desa.add',
    subject: '13.07.01.2001',
    before: null,
    after: { domain: 'koto-baru.desa.contoh' },
  });
  return fleet;
};
