import { request } from 'node:http';

interface Answer {
  status: number;
  body: string;
  cookies: string[];
  milliseconds: number;
}

/** One administrator's browser, as far as a tour needs one. */
export class Visitor {
  private readonly cookies = new Map<string, string>();
  constructor(
    private readonly port: number,
    private readonly domain: string,
  ) {}

  async ask(path: string, form?: Record<string, string>): Promise<Answer> {
    const body = form && new URLSearchParams(form).toString();
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = {
      host: this.domain,
      cookie,
      referer: `http://${this.domain}/index.php/siteman`,
      'user-agent': 'siappakai-tour',
      ...(body
        ? { 'content-type': 'application/x-www-form-urlencoded', 'content-length': String(Buffer.byteLength(body)) }
        : {}),
    };
    const answer = await this.send(path, headers, body);
    for (const text of answer.cookies) {
      const [name, value] = text.split(';')[0]!.split('=');
      this.cookies.set(name!, value ?? '');
    }
    return answer;
  }

  private send(path: string, headers: Record<string, string>, body?: string): Promise<Answer> {
    const began = performance.now();
    return new Promise((resolve, reject) => {
      const call = request(
        { host: '127.0.0.1', port: this.port, path, method: body ? 'POST' : 'GET', headers, timeout: 120_000 },
        (answer) => {
          const parts: Buffer[] = [];
          answer.on('data', (part: Buffer) => parts.push(part));
          answer.on('end', () =>
            resolve({
              status: answer.statusCode ?? 0,
              body: Buffer.concat(parts).toString('utf8'),
              cookies: answer.headers['set-cookie'] ?? [],
              milliseconds: performance.now() - began,
            }),
          );
        },
      );
      call.on('timeout', () => call.destroy(new Error('timeout')));
      call.on('error', reject);
      call.end(body);
    });
  }

  async signIn(username: string, password: string): Promise<boolean> {
    const page = await this.ask('/index.php/siteman');
    const token = /name="sidcsrf"[^>]*value="([^"]+)"/.exec(page.body)?.[1] ?? this.cookies.get('sidcsrf') ?? '';
    const answer = await this.ask('/index.php/siteman/auth', { sidcsrf: token, username, password });
    return answer.status >= 300 && answer.status < 400;
  }
}

export interface Tour {
  isSignedIn: boolean;
  pages: number;
  /** status -> how many pages */
  statuses: Record<number, number>;
  /** Paths that answered 500 or more, or not at all. */
  broken: string[];
  medianMilliseconds: number;
}

/** Asks for every module page as the administrator, as the first morning after an update would. */
export async function tour(port: number, domain: string, password: string, modules: string[]): Promise<Tour> {
  const visitor = new Visitor(port, domain);
  const isSignedIn = await visitor.signIn('admin', password);
  const paths = [
    '/',
    '/index.php/siteman',
    '/index.php/ppid',
    '/feed',
    ...modules.map((module) => `/index.php/${module}`),
  ];
  const statuses: Record<number, number> = {};
  const times: number[] = [];
  const broken: string[] = [];
  for (const path of paths) {
    // 0: no answer within two minutes.
    const { status, milliseconds } = await visitor.ask(path).catch(() => ({ status: 0, milliseconds: 120_000 }));
    statuses[status] = (statuses[status] ?? 0) + 1;
    if (status === 0 || status >= 500) broken.push(path);
    times.push(milliseconds);
  }
  times.sort((a, b) => a - b);
  const medianMilliseconds = times[Math.floor(times.length / 2)] ?? 0;
  return { isSignedIn, pages: paths.length, statuses, broken, medianMilliseconds };
}
