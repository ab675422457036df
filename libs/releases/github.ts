import type { DataSource } from 'typeorm';
import { NotFound, Unavailable } from '#libs/core/errors.js';
import type { Secret } from '#libs/core/secret.js';
import { saveBody } from './download.js';
import { limitOf } from './github-limit.js';
import type { Limits } from './landing.js';

interface TagAnswer {
  tag_name: string;
  tarball_url: string;
}

/** Releases from a repository's tags, with conditional requests: an unchanged answer costs nothing of the rate limit. */
export class Github {
  constructor(
    private readonly db: Pick<DataSource, 'query'>,
    private readonly api: string,
    private readonly token?: Secret,
  ) {}

  /** Downloads the tarball of a tag or of `latest` into `file`; answers the tag. Throws `github-…`, `archive-too-large`. */
  async download(repository: string, tag: string, file: string, limits: Limits): Promise<string> {
    const found = await this.look(repository, tag);
    const answer = await this.ask(found.tarball_url);
    const named = { repository, tag: found.tag_name };
    refuse(answer, named);
    if (!answer.ok || !answer.body)
      throw new Unavailable('github-download-failed', { ...named, status: answer.status });
    await saveBody(answer.body, file, { ...named, limits });
    return found.tag_name;
  }

  async look(repository: string, tag: string): Promise<TagAnswer> {
    const url = `${this.api}/repos/${repository}/releases/${tag === 'latest' ? 'latest' : `tags/${encodeURIComponent(tag)}`}`;
    const [cached] = (await this.db.query('SELECT etag, body FROM source_cache WHERE url = $1', [url])) as {
      etag: string | null;
      body: TagAnswer;
    }[];
    const answer = await this.ask(url, cached?.etag);
    if (answer.status === 304 && cached) return cached.body;
    if (answer.status === 404) throw new NotFound('github-tag-unknown', { repository, tag });
    refuse(answer, { repository, tag });
    if (!answer.ok) throw new Unavailable('github-unreachable', { repository, status: answer.status });
    const body = await readTag(answer, repository);
    await this.db.query(
      'INSERT INTO source_cache (url, etag, body) VALUES ($1, $2, $3) ON CONFLICT (url) DO UPDATE SET etag = $2, body = $3, at = now()',
      [url, answer.headers.get('etag'), JSON.stringify(body)],
    );
    return body;
  }

  /** Redirects are followed by hand: the token goes to no other host than the API's own. */
  private async ask(url: string, etag?: string | null, hops = 5): Promise<Response> {
    const answer = await fetch(url, {
      headers: this.headersFor(url, etag),
      redirect: 'manual',
      signal: AbortSignal.timeout(600_000),
    }).catch((error: Error) => {
      throw new Unavailable('github-unreachable', { host: new URL(url).host, reason: error.message }, error);
    });
    const next = answer.headers.get('location');
    if (answer.status === 304 || answer.status < 300 || answer.status >= 400 || !next || hops === 0)
      return refuseLimit(answer);
    await answer.body?.cancel();
    return this.ask(new URL(next, url).href, undefined, hops - 1);
  }

  private headersFor(url: string, etag?: string | null): Record<string, string> {
    const isHome = new URL(url).origin === new URL(this.api).origin;
    return {
      accept: 'application/vnd.github+json',
      'user-agent': 'dasbor-siappakai',
      ...(etag ? { 'if-none-match': etag } : {}),
      ...(isHome && this.token ? { authorization: `Bearer ${this.token.reveal()}` } : {}),
    };
  }
}

/** Something between us and GitHub may answer 200 with a page of its own. */
async function readTag(answer: Response, repository: string): Promise<TagAnswer> {
  const body = (await answer.json().catch(() => undefined)) as Partial<TagAnswer> | undefined;
  const { tag_name, tarball_url } = body ?? {};
  if (typeof tag_name !== 'string' || !URL.canParse(String(tarball_url)))
    throw new Unavailable('github-unreachable', { repository, status: answer.status });
  return { tag_name, tarball_url: String(tarball_url) };
}

function refuse({ status }: Response, named: { repository: string; tag: string }): void {
  if ([401, 403].includes(status)) throw new Unavailable('github-refused', { ...named, status });
}

async function refuseLimit(answer: Response): Promise<Response> {
  if (![403, 429].includes(answer.status)) return answer;
  const { status, headers } = answer;
  const limit = limitOf({ status, headers, text: await answer.text() }, Date.now());
  if (limit) throw limit;
  return answer;
}
