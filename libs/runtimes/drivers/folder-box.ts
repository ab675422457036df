import { PassThrough, Readable } from 'node:stream';
import * as names from '#libs/catalog/names.js';
import { AppError } from '#libs/core/errors.js';
import type { ContainerSpec, Docker } from '#libs/servers/docker.js';
import type { RuntimeSpec, SiteSpec } from '../runtime-port.js';

export interface Place {
  docker: Docker;
  spec: RuntimeSpec;
  site: SiteSpec;
}

/** Under a path that the image does not have: the engine would give a volume that is still empty the owner of the image's. */
export const ROOT = '/desa';
/** What is told in English is read by us. */
const ENV = { LC_ALL: 'C' };

/**
 * A container that sleeps beside the runtimes of a server, as the desa's own uid, for commands on its folder. It is made
 * from the gateway's image, which every server has: that of the release may have been pruned by the time a folder goes.
 */
export class Box {
  readonly name: string;

  constructor(
    readonly place: Place,
    private readonly runId: string,
    private readonly readOnly: boolean,
  ) {
    this.name = `${place.spec.name}-carry-${runId.slice(0, 8)}`;
  }

  get folder(): string {
    return `${ROOT}/${this.place.site.site}`;
  }

  /** Looking makes no volume. */
  async hasVolume(): Promise<boolean> {
    return (await this.place.docker.volumes({})).includes(this.place.spec.dataVolume);
  }

  /** stdout as bytes, with what was said beside it. */
  async run(argv: string[], stdin?: Buffer): Promise<{ code: number; stdout: Buffer; stderr: string }> {
    const parts: Buffer[] = [];
    const stdout = new PassThrough().on('data', (part: Buffer) => parts.push(part));
    const ended = await this.pipe(argv, stdout, stdin);
    return { ...ended, stdout: Buffer.concat(parts) };
  }

  async must(argv: string[], stdin?: Buffer): Promise<Buffer> {
    const { code, stdout, stderr } = await this.run(argv, stdin);
    if (code === 0) return stdout;
    throw new AppError('command-failed', { command: argv[0]!, code, says: stderr.slice(0, 500) });
  }

  async pipe(argv: string[], stdout: PassThrough, stdin?: Buffer): Promise<{ code: number; stderr: string }> {
    await this.ensure();
    const { docker } = this.place;
    return docker.pipe(this.name, argv, { env: ENV, stdout, ...(stdin ? { stdin: Readable.from([stdin]) } : {}) });
  }

  remove(): Promise<void> {
    return this.place.docker.remove(this.name);
  }

  /** As root: what the desa may not remove goes too. */
  async erase(): Promise<void> {
    if (!(await this.hasVolume())) return;
    const { docker } = this.place;
    const name = `${this.name}-erase`;
    const argv = ['-rf', '--one-file-system', '--', this.folder];
    await docker.remove(name);
    await docker.create({
      ...this.specOf(name, ['rm'], argv),
      ...{ user: '0:0', capabilities: ['DAC_OVERRIDE', 'FOWNER'] },
    });
    try {
      await docker.start(name);
      const code = await docker.wait(name);
      const says = code === 0 ? '' : (await docker.logs(name, 5)).slice(0, 500);
      if (code !== 0) throw new AppError('command-failed', { command: 'rm', code, says });
    } finally {
      await docker.remove(name);
    }
  }

  private async ensure(): Promise<void> {
    const { docker, spec } = this.place;
    const found = await docker.container(this.name);
    if (found?.state === 'running') return;
    if (found) await docker.remove(this.name);
    await docker.ensureVolume(spec.dataVolume, spec.labels);
    await docker.create(this.specOf(this.name, ['sleep'], ['infinity'], this.readOnly));
    await docker.start(this.name);
  }

  private specOf(name: string, entrypoint: string[], argv: string[], readOnly = false): ContainerSpec {
    const { spec, site } = this.place;
    return {
      ...{ name, image: names.gatewayImage(), entrypoint, argv, user: `${site.uid}:${site.uid}` },
      mounts: [{ volume: spec.dataVolume, path: ROOT, readOnly }],
      readOnlyRoot: true,
      labels: { ...spec.labels, 'siappakai.kind': 'once', 'siappakai.run': this.runId },
      ...{ memoryMiB: 128, pids: 50, stopSeconds: 1 },
    };
  }
}
