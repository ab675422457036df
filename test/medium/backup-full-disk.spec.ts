import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import * as names from '#libs/catalog/names.js';
import { makeBackup } from '#libs/backups/desa-backup.js';
import type { Gabungan } from '#libs/gabungan/gabungan-port.js';
import { dataOn } from '#libs/runtimes/drivers/data.js';
import type { RuntimeSpec } from '#libs/runtimes/runtime-port.js';
import { connectEngine } from '#libs/servers/drivers/engine.js';
import { tarOf } from '#libs/servers/files.js';

const docker = connectEngine('unix:/var/run/docker.sock');
const SITE = 'd1307012001';
const name = `penuh-${randomBytes(3).toString('hex')}`;
const site = { state: { '/var/www/html/desa': 'desa', '/var/www/html/arsip': 'arsip' } };
const spec = { name, app: { site }, image: names.gatewayImage() } as unknown as RuntimeSpec;
let root: string;

/** Only root may mount a filesystem that is really full. */
const asRoot = process.getuid?.() === 0 ? describe : describe.skip;

asRoot('a backup onto a disk that is really full', () => {
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'siappakai-full-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', root]);
    await docker.create({ name: `${name}-files`, image: spec.image });
    const content = randomBytes(400_000);
    const files = ['desa', 'arsip'].flatMap((folder) => [
      { kind: 'folder' as const, path: `${SITE}/${folder}` },
      { kind: 'file' as const, path: `${SITE}/${folder}/foto`, content },
    ]);
    await docker.putArchive(`${name}-files`, '/data', await tarOf([{ kind: 'folder', path: SITE }, ...files]));
  }, 60_000);
  afterAll(async () => {
    await docker.remove(`${name}-files`);
    execFileSync('umount', [root]);
    await rm(root, { recursive: true });
  }, 60_000);

  it('is told as such, again and again, and leaves nothing; the folder of the desa is as before', async () => {
    const store = { root, ring: new Map([['k1', Buffer.alloc(32, 7)]]), minimumFreeBytes: 0 };
    const exportFolder = () => dataOn(docker).exportState(spec, SITE);
    const state = { app: 'contoh', desaCode: '1307012001', version: null, rows: undefined, exportFolder };
    for (const number of [1, 2, 3]) {
      const made = makeBackup(store, {} as Gabungan, state, `1307012001/update-${number}`);
      await expect(made).rejects.toMatchObject({ code: 'disk-full' });
      expect(await readdir(root, { recursive: true })).toEqual(['1307012001']);
    }
    expect((await docker.stat(`${name}-files`, `/data/${SITE}/desa/foto`))?.bytes).toBe(400_000);
  }, 60_000);
});
