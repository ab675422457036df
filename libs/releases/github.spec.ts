import { access, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { Secret } from '#libs/core/secret.js';
import { json, playGithub, redirect, releasePath, type Answer, type FakeServer } from '#test/fakes/fake-github.js';
import { Github } from './github.js';

/** Remembers what the table source_cache would. */
function memory(): Pick<DataSource, 'query'> {
  const rows = new Map<unknown, { etag: unknown; body: unknown }>();
  const query = async (sql: string, [url, etag, body]: unknown[]): Promise<unknown> => {
    if (sql.startsWith('SELECT')) return rows.has(url) ? [rows.get(url)] : [];
    return void rows.set(url, { etag, body: JSON.parse(String(body)) as unknown });
  };
  return { query } as Pick<DataSource, 'query'>;
}

const REPOSITORY = 'OpenSID/OpenSID';
const LATEST = releasePath(REPOSITORY, 'latest');
const LIMITS = { bytes: 1000, files: 5 };

let api: FakeServer;
let archives: FakeServer;
let offer: (asked: string, tag: string, headers?: Record<string, string>) => void;
let close: () => Promise<void>;
let folder: string;
let file: string;
beforeEach(async () => {
  const played = await playGithub(REPOSITORY);
  ({ api, archives, close } = played);
  offer = (asked, tag, headers) => played.offer(asked, tag, `archive of ${tag}`, headers);
  folder = await mkdtemp(join(tmpdir(), 'siappakai-github-'));
  file = join(folder, 'a.tar.gz');
  offer('latest', 'v2410.0.0');
  offer('v2409.0.0', 'v2409.0.0');
});
afterEach(async () => {
  await close();
  await rm(folder, { recursive: true, force: true });
});

const github = (token?: string, db = memory()): Github =>
  new Github(db, api.url, token ? new Secret(token) : undefined);
const download = (tag: string, by = github()): Promise<string> => by.download(REPOSITORY, tag, file, LIMITS);
const refused = async (asking: Promise<unknown>, problem: Record<string, unknown>): Promise<void> => {
  await expect(asking).rejects.toMatchObject(problem);
  await expect(access(file)).rejects.toThrow();
};

describe('a release of GitHub', () => {
  it.each([
    ['latest', 'v2410.0.0'],
    ['v2409.0.0', 'v2409.0.0'],
  ])('%s is downloaded through the redirect to its archive', async (asked, tag) => {
    expect(await download(asked)).toBe(tag);
    expect(await readFile(file, 'utf8')).toBe(`archive of ${tag}`);
  });

  it('that is not there is told with its tag', () =>
    refused(download('v9912.0.0'), { code: 'github-tag-unknown', data: { repository: REPOSITORY, tag: 'v9912.0.0' } }));

  it('is asked for by its tag alone: a tag cannot name another address', async () => {
    await refused(download('../../../user?x'), { code: 'github-tag-unknown' });
    expect(api.heard.map(({ path }) => path)).toEqual([releasePath(REPOSITORY, '..%2F..%2F..%2Fuser%3Fx')]);
  });
});

describe('the token', () => {
  it('goes to the API and, after its redirect, to no other origin', async () => {
    await download('latest', github('t0ken'));
    expect(api.heard.map(({ token }) => token)).toEqual(['Bearer t0ken', 'Bearer t0ken']);
    expect(archives.heard).toEqual([{ path: '/v2410.0.0', token: undefined, etag: undefined }]);
  });

  it('goes along when the API sends on to itself (a renamed repository)', async () => {
    api.routes.set('/repositories/1', api.routes.get(LATEST)!);
    api.routes.set(LATEST, redirect('/repositories/1'));
    await download('latest', github('t0ken'));
    expect(api.heard[1]).toMatchObject({ path: '/repositories/1', token: 'Bearer t0ken' });
  });

  it('goes nowhere when the archive lies elsewhere from the start', async () => {
    api.routes.set(LATEST, json(200, { tag_name: 'v2410.0.0', tarball_url: `${archives.url}/v2410.0.0` }));
    await download('latest', github('t0ken'));
    expect(archives.heard.map(({ token }) => token)).toEqual([undefined]);
  });

  it('is optional', async () => {
    await download('latest');
    expect(api.heard.map(({ token }) => token)).toEqual([undefined, undefined]);
  });

  it.each([401, 403])('that is refused with %s is told as such, and not as an unreachable GitHub', async (status) => {
    api.routes.set(LATEST, json(status, { message: 'Bad credentials' }));
    await refused(download('latest', github('wrong')), { code: 'github-refused', data: { status } });
  });
});

describe('a second question', () => {
  it('is conditional, and an unchanged answer is taken from before', async () => {
    const asking = github();
    offer('latest', 'v2410.0.0', { etag: 'W/"1"' });
    await download('latest', asking);
    api.routes.set(LATEST, (_request, response) => void response.writeHead(304).end());
    expect(await download('latest', asking)).toBe('v2410.0.0');
    expect(api.heard.filter(({ path }) => path === LATEST).map(({ etag }) => etag)).toEqual([undefined, 'W/"1"']);
  });

  it('hears of a newer release, and remembers that one', async () => {
    const asking = github();
    offer('latest', 'v2410.0.0', { etag: '"1"' });
    await asking.look(REPOSITORY, 'latest');
    offer('latest', 'v2411.0.0', { etag: '"2"' });
    expect(await download('latest', asking)).toBe('v2411.0.0');
    await asking.look(REPOSITORY, 'latest');
    expect(api.heard.at(-1)).toMatchObject({ path: LATEST, etag: '"2"' });
  });
});

describe('a limit', () => {
  it('is told with its end, for the question and for the download', async () => {
    const limited = json(403, {}, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1893456000' });
    const problem = { code: 'github-rate-limited', data: { until: '2030-01-01T00:00:00.000Z' } };
    archives.routes.set('/v2410.0.0', limited);
    await refused(download('latest'), problem);
    api.routes.set(LATEST, limited);
    await refused(download('latest'), problem);
  });

  it('without an end names none, least of all 1970', async () => {
    api.routes.set(LATEST, json(403, { message: 'API rate limit exceeded' }, { 'x-ratelimit-remaining': '0' }));
    await refused(download('latest'), { code: 'github-rate-limited-unsaid', data: {} });
  });
});

describe('a download', () => {
  const half: Record<string, Answer> = {
    'with a length': (_request, response) => {
      response.writeHead(200, { 'content-length': '500' });
      response.write('x'.repeat(100), () => response.destroy());
    },
    'in chunks': (_request, response) => {
      response.write('x'.repeat(100), () => response.destroy());
    },
  };
  it.each(Object.keys(half))('%s that is cut midway says so and leaves nothing', async (kind) => {
    archives.routes.set('/v2410.0.0', half[kind]!);
    const data = { repository: REPOSITORY, tag: 'v2410.0.0', mebibytes: 0 };
    await refused(download('latest'), { code: 'github-download-cut', data });
  });

  it('larger than the limit is stopped and leaves nothing', async () => {
    archives.routes.set('/v2410.0.0', (_request, response) => void response.end('x'.repeat(1001)));
    await refused(download('latest'), { code: 'archive-too-large', data: { limitMiB: 0, limitFiles: 5 } });
  });

  it('into a folder that is not there is no fault of GitHub', async () => {
    file = join(folder, 'none', 'a.tar.gz');
    await refused(download('latest'), { code: 'ENOENT' });
  });

  it.each([404, 500])('answered %s says so', async (status) => {
    archives.routes.set('/v2410.0.0', json(status, {}));
    await refused(download('latest'), { code: 'github-download-failed', data: { status } });
  });

  it('that is sent around in a circle ends', async () => {
    archives.routes.set('/v2410.0.0', redirect('/v2410.0.0'));
    await refused(download('latest'), { code: 'github-download-failed', data: { status: 302 } });
  });
});

describe('GitHub is told as unreachable', () => {
  const unreachable = { code: 'github-unreachable' };
  it.each([
    ['it fails', json(500, {})],
    ['something else answers in its place', ((_request, response) => response.end('<html>masuk</html>')) as Answer],
    ['the answer names no archive', json(200, { tag_name: 'v2410.0.0', tarball_url: null })],
  ])('when %s', async (_when, answer) => {
    api.routes.set(LATEST, answer);
    await refused(download('latest'), unreachable);
  });

  it('when nobody answers', async () => {
    await close();
    await refused(download('latest'), unreachable);
  });
});
