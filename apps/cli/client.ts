import type { Problem } from '#libs/contract/contract.js';
import { problemText } from '#libs/contract/problems.js';
import type { Access } from './saved.js';

export type Language = 'id' | 'en';
export type Query = Record<string, string | number | undefined>;

/** A problem as the server told it, or one of ours in the same shape. */
export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

export interface Answer<T> {
  body: T;
  headers: Headers;
}

export class Client {
  constructor(
    private readonly access: Access,
    readonly language: Language,
    private readonly fetcher: typeof fetch,
  ) {}

  async get<T>(path: string, query: Query = {}): Promise<T> {
    return (await this.send<T>('GET', path + asked(query))).body;
  }

  async post<T>(path: string, body: unknown = {}): Promise<T> {
    return (await this.send<T>('POST', path, body)).body;
  }

  async put<T>(path: string, body: unknown): Promise<T> {
    return (await this.send<T>('PUT', path, body)).body;
  }

  async patch<T>(path: string, body: unknown): Promise<T> {
    return (await this.send<T>('PATCH', path, body)).body;
  }

  async send<T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    const response = await this.open(path, {
      method,
      headers: { ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { body: (text === '' ? undefined : parsed(text, this.language)) as T, headers: response.headers };
  }

  /** An answer that is not 2xx is thrown as the problem it carries. */
  async open(path: string, options: RequestInit = {}): Promise<Response> {
    const response = await this.reach(`${this.access.url}/api/v1${path}`, {
      ...options,
      headers: { ...this.headers(), ...(options.headers as Record<string, string>) },
    });
    if (!response.ok) throw new Refused(await this.problemOf(response));
    return response;
  }

  private headers(): Record<string, string> {
    const who: Record<string, string> = this.access.token ? { Authorization: `Bearer ${this.access.token}` } : {};
    return { 'Accept-Language': this.language, ...who };
  }

  private async reach(url: string, options: RequestInit): Promise<Response> {
    try {
      return await this.fetcher(url, options);
    } catch {
      throw new Refused(ownProblem('server-silent', { url: this.access.url }, this.language));
    }
  }

  private async problemOf(response: Response): Promise<Problem> {
    const isProblem = response.headers.get('content-type')?.includes('problem+json');
    if (isProblem) return (await response.json()) as Problem;
    return ownProblem('not-siappakai', { url: this.access.url }, this.language);
  }
}

function parsed(text: string, language: Language): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refused(ownProblem('not-siappakai', {}, language));
  }
}

function asked(query: Query): string {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  return pairs.length === 0
    ? ''
    : `?${new URLSearchParams(pairs.map(([name, value]): [string, string] => [name, String(value)]))}`;
}

export function ownProblem(code: string, values: Record<string, unknown>, language: Language): Problem {
  return { type: `urn:siappakai:problem:${code}`, code, data: values, ...problemText(code, values, language) };
}
