import { spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startPostgres } from '#libs/database/embedded.js';

const ask = async (url: string, sql: string): Promise<unknown[]> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
};

describe('the embedded PostgreSQL', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sp-postgres-'));
    await chmod(folder, 0o755);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('keeps what was written across a stop and a start', async () => {
    const first = await startPostgres({ folder });
    await ask(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.stop();
    const second = await startPostgres({ folder });
    expect(await ask(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    await second.stop();
  });

  it('keeps its password where only the owner reads it, and lets nobody in without it', async () => {
    const postgres = await startPostgres({ folder });
    expect((await stat(join(folder, 'password'))).mode & 0o777).toBe(0o600);
    const without = postgres.url.replace(/:[0-9a-f]{48}@/, ':wrong@');
    await expect(ask(without, 'SELECT 1')).rejects.toThrow('password authentication failed');
    await postgres.stop();
  });

  it('starts over the pid file of a server that is no more', async () => {
    const first = await startPostgres({ folder });
    await first.stop();
    await writeFile(join(folder, 'cluster', 'postmaster.pid'), `${process.pid}\n${folder}/cluster\n`);
    const second = await startPostgres({ folder });
    expect(await ask(second.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await second.stop();
  });

  it('refuses a folder that another living process serves, and takes over one whose process was killed', async () => {
    const holder = await startPostgres({ folder });
    const pid = Number((await readFile(join(folder, 'cluster', 'postmaster.pid'), 'utf8')).split('\n')[0]);
    await expect(startPostgres({ folder })).rejects.toMatchObject({ code: 'database-in-use' });
    const gone = spawn('true');
    await new Promise((done) => gone.once('exit', done));
    await writeFile(join(folder, 'owner'), String(gone.pid));
    const heir = await startPostgres({ folder });
    const now = Number((await readFile(join(folder, 'cluster', 'postmaster.pid'), 'utf8')).split('\n')[0]);
    expect(now).not.toBe(pid);
    await heir.stop();
    await holder.stop();
  });
});
