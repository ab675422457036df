import { AppError } from '#libs/core/errors.js';
import type { HttpAnswer } from '#libs/servers/dialled-http.js';
import type { Docker } from '#libs/servers/docker.js';
import { tarOf } from '#libs/servers/files.js';
import type { CaddyRoute } from '../caddy-words.js';
import { AUTHORITY_FILE, configOf, HEAD, toldIn } from '../caddy-https.js';
import { markOf, type Https } from '../https.js';
import type { Tell } from './admin.js';

export const ROUTES = '/config/apps/http/servers/sites/routes';
const TRIES = 10;
const CHANGED_MEANWHILE = 412;

export async function isTold(tell: Tell, https: Https): Promise<boolean> {
  const { status, body } = await tell('GET', `/id/${HEAD}`);
  return status === 200 && toldIn(JSON.parse(body) as Parameters<typeof toldIn>[0]) === markOf(https);
}

/** The whole configuration in one call, around the routes as they stand: who changes one meanwhile is not run over. */
export async function tellHttps(docker: Docker, container: string, tell: Tell, https: Https): Promise<void> {
  if (await isTold(tell, https)) return;
  if (https.authority) await putAuthority(docker, container, https.authority);
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const { status, body, headers } = await tell('GET', ROUTES);
    if (status !== 200) throw refused({ status, body });
    const config = configOf(https, JSON.parse(body) as CaddyRoute[]);
    const answer = await tell('POST', '/config/', config, { 'If-Match': headers['etag'] ?? '' });
    // Asked twice when the stream broke, it was told by the first.
    if (answer.status < 300 || (await isTold(tell, https))) return;
    if (answer.status !== CHANGED_MEANWHILE) throw refused(answer);
  }
  throw new AppError('gateway-refused', { path: '/config/', status: CHANGED_MEANWHILE, reason: 'changed meanwhile' });
}

const refused = ({ status, body }: Pick<HttpAnswer, 'status' | 'body'>): AppError =>
  new AppError('gateway-refused', { path: '/config/', status, reason: body.slice(0, 300) });

async function putAuthority(docker: Docker, container: string, pem: string): Promise<void> {
  const [, volume, folder, file] = AUTHORITY_FILE.split('/');
  await docker.putArchive(
    container,
    `/${volume}`,
    await tarOf([
      { kind: 'folder', path: folder! },
      { kind: 'file', path: `${folder}/${file}`, content: pem },
    ]),
  );
}
