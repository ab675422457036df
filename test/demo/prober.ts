import { Agent, request } from 'node:http';

export interface Probed {
  asked: number;
  failed: number;
  /** What the failures answered, counted. */
  reasons: Record<string, number>;
  /** The first failure: when, and what the page said. */
  first?: { at: string; says: string };
}

type Page = { status: number; body: string };
/** Where a server lets visitors in; a number is a port of this machine. */
export interface Door {
  host: string;
  port: number;
}

/**
 * GET through the gateway as a visitor's browser would: no redirect is followed, and a kept connection that the other
 * side closed before the request reached it is opened anew, once (RFC 9112, 9.3.1). Anything else is a failure.
 */
export async function visit(port: number | Door, domain: string, path: string, agent?: Agent): Promise<Page> {
  const door = typeof port === 'number' ? { host: '127.0.0.1', port } : port;
  try {
    return await visitOnce(door, domain, path, agent);
  } catch (error) {
    if (!(error as { wasKept?: boolean }).wasKept) throw error;
    return visitOnce(door, domain, path, false);
  }
}

/** `agent` false: a connection of its own. */
const visitOnce = ({ host, port }: Door, domain: string, path: string, agent?: Agent | false): Promise<Page> =>
  new Promise((resolve, reject) => {
    let hasAnswered = false;
    const call = request({ host, port, path, headers: { host: domain }, agent, timeout: 30_000 }, (answer) => {
      hasAnswered = true;
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(parts).toString('utf8') }));
      answer.on('error', reject);
    });
    call.on('timeout', () => call.destroy(new Error('timeout')));
    call.on('error', (error: NodeJS.ErrnoException) =>
      reject(Object.assign(error, { wasKept: call.reusedSocket && !hasAnswered && error.code === 'ECONNRESET' })),
    );
    call.end();
  });

/** Asks every domain `perSecond` times a second until stopped; a failure is anything but 200. */
export function probe(
  port: number | Door,
  domains: string[],
  path: string,
  perSecond: number,
): { stop(): Promise<Map<string, Probed>> } {
  const found = new Map<string, Probed>(domains.map((domain) => [domain, { asked: 0, failed: 0, reasons: {} }]));
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const open = new Set<Promise<void>>();
  const askOne = async (domain: string): Promise<void> => {
    const seen = found.get(domain)!;
    seen.asked += 1;
    const at = new Date().toISOString();
    const answer = await visit(port, domain, path, agent).catch((error: Error) => ({
      status: error.message,
      body: '',
    }));
    if (answer.status === 200) return;
    seen.failed += 1;
    seen.reasons[answer.status] = (seen.reasons[answer.status] ?? 0) + 1;
    seen.first ??= { at, says: answer.body.replace(/<style[^]*?<\/style>|<[^>]+>|\s+/g, ' ').slice(0, 500) };
  };
  const timer = setInterval(() => {
    for (const domain of domains) {
      const call = askOne(domain).finally(() => open.delete(call));
      open.add(call);
    }
  }, 1000 / perSecond);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(open);
      agent.destroy();
      return found;
    },
  };
}
