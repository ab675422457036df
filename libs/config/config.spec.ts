import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { inspect } from 'node:util';
import { join } from 'node:path';
import { AppError } from '#libs/core/errors.js';
import { open, seal } from '#libs/core/seal.js';
import { Secret } from '#libs/core/secret.js';
import { readConfig } from './config.js';

const problemOf = (act: () => unknown): AppError => {
  try {
    act();
  } catch (error) {
    if (error instanceof AppError) return error;
  }
  throw new Error('nothing was refused');
};

describe('the configuration', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'sp-config-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('has a sensible value for everything when nothing is set', () => {
    const config = readConfig({ DATA_FOLDER: folder });
    expect(config).toMatchObject({
      port: 8080,
      bind: '127.0.0.1',
      workerConcurrency: 4,
      databaseUrl: undefined,
      redisUrl: undefined,
    });
    expect(config.minimumFreeBytes).toBe(2048 * 1024 * 1024);
  });

  it('names every wrong key in one message, and never what stood there', () => {
    const problem = problemOf(() =>
      readConfig({ DATA_FOLDER: folder, PORT: 'http', DATABASE_URL: 'mysql://u:hunter2@h/d' }),
    );
    expect(problem.code).toBe('config-invalid');
    expect((problem.data['problems'] as string[]).map((line) => line.split(':')[0])).toEqual(['DATABASE_URL', 'PORT']);
    expect(problem.message).not.toContain('hunter2');
  });

  it('reads an empty value as none', () => {
    expect(readConfig({ DATA_FOLDER: folder, REDIS_URL: '', PORT: '' })).toMatchObject({
      redisUrl: undefined,
      port: 8080,
    });
  });

  it('takes the database address from a file when it is told one', () => {
    const file = join(folder, 'url');
    writeFileSync(file, 'postgres://u:hunter2@h/d\n');
    expect(readConfig({ DATA_FOLDER: folder, DATABASE_URL_FILE: file }).databaseUrl?.reveal()).toBe(
      'postgres://u:hunter2@h/d',
    );
    expect(problemOf(() => readConfig({ DATABASE_URL_FILE: `${file}x` })).code).toBe('config-invalid');
  });

  it('never prints an address with a password', () => {
    expect(inspect(readConfig({ DATA_FOLDER: folder, DATABASE_URL: 'postgres://u:hunter2@h/d' }))).not.toContain(
      'hunter2',
    );
  });
});

describe('the key file', () => {
  let file: string;
  beforeEach(() => (file = join(mkdtempSync(join(tmpdir(), 'sp-key-')), 'key')));

  it('is made once, for its owner alone, and opens tomorrow what was sealed today', () => {
    const sealed = seal(readConfig({ KEY_FILE: file }).keyRing, new Secret('rahasia desa'));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(open(readConfig({ KEY_FILE: file }).keyRing, sealed).reveal()).toBe('rahasia desa');
  });

  it('opens old seals after a newer key was put above', () => {
    const sealed = seal(readConfig({ KEY_FILE: file }).keyRing, new Secret('lama'));
    writeFileSync(file, `k2:${Buffer.alloc(32, 7).toString('base64')}\n${readFileSync(file, 'utf8')}`);
    const { keyRing } = readConfig({ KEY_FILE: file });
    expect(open(keyRing, sealed).reveal()).toBe('lama');
    expect(seal(keyRing, new Secret('baru'))).toMatch(/^v1\.k2\./);
  });

  it('is refused when others may read it or a line is not a key', () => {
    readConfig({ KEY_FILE: file });
    chmodSync(file, 0o644);
    expect(problemOf(() => readConfig({ KEY_FILE: file })).code).toBe('key-file-open-to-others');
    chmodSync(file, 0o600);
    writeFileSync(file, 'k1:dGVzdA==\n');
    expect(problemOf(() => readConfig({ KEY_FILE: file })).data).toMatchObject({ line: 1 });
  });
});
