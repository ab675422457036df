import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { composerConfig, hushing, readAdditions } from './composer-folder.js';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'siappakai-additions-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const putAuth = async (content: string, mode = 0o600): Promise<void> => {
  await writeFile(join(folder, 'auth.json'), content, { mode });
  await chmod(join(folder, 'auth.json'), mode);
};

describe("an operator's additions for composer", () => {
  it('are none where the folder is missing', async () => {
    const additions = await readAdditions(join(folder, 'tidak-ada'));
    expect(additions).toMatchObject({ repositories: [], archives: [], named: [], auth: undefined });
    expect(JSON.parse(composerConfig(additions, 'abc'))).toEqual({
      config: { 'autoloader-suffix': 'abc' },
      repositories: [],
    });
  });

  it('are git repositories with and without a work tree, archives, and repositories by name, in this order', async () => {
    for (const path of ['satu/.git', 'dua.git/objects', 'bukan/isi'])
      await mkdir(join(folder, 'packages', path), { recursive: true });
    for (const path of ['dua.git/HEAD', 'paket-1.0.zip', 'paket-2.tgz', 'catatan.txt'])
      await writeFile(join(folder, 'packages', path), '');
    await writeFile(join(folder, 'repositories.json'), '[{"type":"composer","url":"https://paket.contoh.id"}]');
    expect(JSON.parse(composerConfig(await readAdditions(folder), 'abc'))).toMatchObject({
      repositories: [
        { type: 'artifact', url: '/repositories/archives' },
        { type: 'git', url: '/repositories/git/dua.git' },
        { type: 'git', url: '/repositories/git/satu' },
        { type: 'composer', url: 'https://paket.contoh.id' },
      ],
    });
  });

  it.each(['{', '{}', '["x"]'])('with %j as their repositories are refused', async (text) => {
    await writeFile(join(folder, 'repositories.json'), text);
    await expect(readAdditions(folder)).rejects.toMatchObject({ code: 'composer-settings-invalid' });
  });

  it('are refused when others may read their token, and the token is never printed', async () => {
    await putAuth('{"github-oauth":{"github.com":"kunci-emas"}}', 0o640);
    await expect(readAdditions(folder)).rejects.toMatchObject({ code: 'composer-auth-open-to-others' });
    await putAuth('kunci-emas');
    const problem: unknown = await readAdditions(folder).catch((error: unknown) => error);
    expect(inspect(problem)).toContain('composer-settings-invalid');
    expect(inspect(problem)).not.toContain('kunci-emas');
    await putAuth('{"github-oauth":{"github.com":"kunci-emas"}}');
    expect(inspect(await readAdditions(folder))).not.toContain('kunci-emas');
  });

  it('are hushed in what composer says, by whatever way the words came', async () => {
    await putAuth('{"http-basic":{"paket.contoh.id":{"username":"desa","password":"emas+perak"}}}');
    await writeFile(
      join(folder, 'repositories.json'),
      '[{"type":"composer","url":"https://orang:kata%40sandi@paket.contoh.id"}]',
    );
    const hush = hushing(await readAdditions(folder));
    expect(hush('GET https://desa:emas+perak@x.id/p emas+perak kata@sandi kata%40sandi opendesa/x')).toBe(
      'GET https://[rahasia]@x.id/p [rahasia] [rahasia] [rahasia] opendesa/x',
    );
  });
});
