import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import type { DataSource } from 'typeorm';
import { NotFound, TooMany, Unavailable } from '#libs/core/errors.js';
import type { Secret } from '#libs/core/secret.js';

interface TagAnswer {
  tag_name: string;
  tarball_url: string;
}

/** Releases from a repository's tags, with conditional requests: an unchanged answer costs nothing of the rate limit. */
export class Github {
  constructor(
    private readonly db: DataSource,
    private readonly api: string,
    private readonly token?: Secret,
  ) {}

  /** Downloads the tarball of a tag or of `latest` into `file`; answers the tag. */
  async download(repository: string, tag: string, file: string): Promise<string> {
    const found = await this.look(repository, tag);
    const answer = await this.ask(found.tarball_url);
    if (!answer.ok || !answer.body)
      throw new Unavailable('github-download-failed', { repository, tag, status: answer.status });
    await pipeline(Readable.fromWeb(answer.body as ReadableStream), createWriteStream(file, { mode: 0o600 }));
    return found.tag_name;
  }

  async look(repository: string, tag: string): Promise<TagAnswer> {
    const url = `${this.api}/repos/${repository}/releases/${tag === 'latest' ? 'latest' : `tags/${encodeURIComponent(tag)}`}`;
    const [cached] = (await this.db.query('SELECT etag, body FROM source_cache WHERE url = $1', [url])) as {
      etag: string;
      body: TagAnswer;
    }[];
    const answer = await this.ask(url, cached?.etag);
    if (answer.status === 304 && cached) return cached.body;
    if (answer.status === 404) throw new NotFound('github-tag-unknown', { repository, tag });
    if (!answer.ok) throw new Unavailable('github-unreachable', { repository, status: answer.status });
    const body = (await answer.json()) as TagAnswer;
    await this.db.query(
      'INSERT INTO source_cache (url, etag, body) VALUES ($1, $2, $3) ON CONFLICT (url) DO UPDATE SET etag = $2, body = $3, at = now()',
      [url, answer.headers.get('etag'), JSON.stringify(body)],
    );
    return body;
  }

  /** Redirects are followed by hand: the token goes to no other host than the API's own. */
  private async ask(url: string, etag?: string, hops = 5): Promise<Response> {
    const isHome = new URL(url).origin === new URL(this.api).origin;
    const headers: Record<string, string> = { accept: 'application/vnd.github+json', 'user-agent': 'dasbor-siappakai' };
    if (etag) headers['if-none-match'] = etag;
    if (isHome && this.token) headers.authorization = `Bearer ${this.token.reveal()}`;
    const answer = await fetch(url, { headers, redirect: 'manual', signal: AbortSignal.timeout(600_000) }).catch(
      (error: Error) => {
        throw new Unavailable('github-unreachable', { host: new URL(url).host, reason: error.message }, error);
      },
    );
    refuseLimit(answer);
    const next = answer.headers.get('location');
    if (answer.status === 304 || answer.status < 300 || answer.status >= 400 || !next || hops === 0) return answer;
    return this.ask(new URL(next, url).href, undefined, hops - 1);
  }
}

function refuseLimit(answer: Response): void {
  const isLimit = answer.headers.get('x-ratelimit-remaining') === '0' || answer.headers.has('retry-after');
  if (![403, 429].includes(answer.status) || !isLimit) return;
  const reset = Number(answer.headers.get('x-ratelimit-reset') ?? 0);
  throw new TooMany('github-rate-limited', { until: new Date(reset * 1000).toISOString() });
}
