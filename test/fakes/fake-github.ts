import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** For tests: servers on this machine that play GitHub's API and the host of its archives. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export interface FakeServer {
  url: string;
  /** Path and query -> answer; 404 for everything else. */
  routes: Map<string, Answer>;
  heard: { path: string; token?: string; etag?: string }[];
  close(): Promise<void>;
}

export interface FakeGithub {
  api: FakeServer;
  archives: FakeServer;
  /** Offers a release as GitHub does: its tarball is asked of the API, which sends on to the other host. */
  offer(asked: string, tag: string, archive: string | Buffer | Answer, headers?: Record<string, string>): void;
  close(): Promise<void>;
}

export const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (_request, response) =>
    void response.writeHead(status, headers).end(JSON.stringify(body));

export const redirect = (to: string): Answer => json(302, {}, { location: to });

export async function playServer(): Promise<FakeServer> {
  const [routes, heard]: [FakeServer['routes'], FakeServer['heard']] = [new Map(), []];
  const server = createServer((request, response) => {
    const { authorization: token, 'if-none-match': etag } = request.headers;
    heard.push({ path: request.url!, token, etag });
    const answer = routes.get(request.url!) ?? json(404, { message: 'Not Found' });
    answer(request, response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const close = (): Promise<void> => new Promise((done) => (server.close(() => done()), server.closeAllConnections()));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, routes, heard, close };
}

export const releasePath = (repository: string, asked: string): string =>
  `/repos/${repository}/releases/${asked === 'latest' ? 'latest' : `tags/${asked}`}`;

export async function playGithub(repository: string): Promise<FakeGithub> {
  const [api, archives] = await Promise.all([playServer(), playServer()]);
  return {
    api,
    archives,
    offer(asked, tag, archive, headers) {
      const tarball = `/repos/${repository}/tarball/${tag}`;
      const body = { tag_name: tag, tarball_url: api.url + tarball, author: 'x' };
      api.routes.set(releasePath(repository, asked), json(200, body, headers));
      api.routes.set(tarball, redirect(`${archives.url}/${tag}`));
      const send: Answer = (_request, response) => void response.end(archive);
      archives.routes.set(`/${tag}`, typeof archive === 'function' ? archive : send);
    },
    close: async () => void (await Promise.all([api.close(), archives.close()])),
  };
}
