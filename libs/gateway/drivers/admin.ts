import { Unavailable } from '#libs/core/errors.js';
import { assertStillMine } from '#libs/core/still-mine.js';
import { askAgain, dialledAgent, type HttpAnswer } from '#libs/servers/dialled-http.js';
import type { Docker } from '#libs/servers/docker.js';

/** One request to the API of the proxy, in its own paths. */
export type Tell = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<HttpAnswer>;

const ADMIN = '127.0.0.1:2019';
const DOOR = '127.0.0.1:2020';
const DOOR_CONFIG = '/etc/siappakai/door.cfg';
/** A kabupaten's routes are told in one answer. */
const ANSWER_BYTES = 64 * 2 ** 20;
const FIRST_OF_THE_DOOR = 502;

/** The API is reached only through the engine, on the container's own loopback, by one stream that stays open (docs/adr/0047). */
export function adminOf(docker: Docker, container: string): Tell {
  const door = dialledAgent(async () => {
    // Where it is open already, its port is taken and this ends by itself.
    await docker.exec(container, ['haproxy', '-D', '-f', DOOR_CONFIG]);
    return docker.dial(container, ['socat', '-', `TCP:${DOOR}`]);
  }, 1);
  return async (method, path, body, more = {}) => {
    assertStillMine();
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers: Record<string, string> = { ...(text ? { 'content-type': 'application/json' } : {}), ...more };
    const asked = { method, path, host: ADMIN, headers, body: text, timeoutSeconds: 20, limitBytes: ANSWER_BYTES };
    const answer = await askAgain(door, asked);
    if (answer.status >= FIRST_OF_THE_DOOR) throw new Unavailable('gateway-unreachable', { container });
    return answer;
  };
}
