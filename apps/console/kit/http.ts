import type { Problem } from '#libs/contract/contract.js';
import { currentLanguage } from './words.js';

/** Every refused request is one of these, also when the server could not be reached or did not speak our language. */
export class ApiProblem extends Error {
  constructor(readonly problem: Problem) {
    super(problem.title);
  }
}

export const problemOf = (error: unknown): Problem =>
  error instanceof ApiProblem ? error.problem : made('unknown', 0, error instanceof Error ? error.message : '');

const made = (code: string, status: number, detail = ''): Problem => ({
  type: 'about:blank',
  title: '',
  status,
  code,
  detail,
  hint: '',
  data: {},
});

const readProblem = async (response: Response): Promise<Problem> => {
  if (!(response.headers.get('content-type') ?? '').includes('json'))
    return made(`http-${response.status}`, response.status);
  const body = (await response.json()) as Partial<Problem>;
  return { ...made(body.code ?? `http-${response.status}`, response.status), ...body };
};

const send = async (method: string, path: string, body?: unknown, signal?: AbortSignal) => {
  const headers: Record<string, string> = { accept: 'application/json', 'accept-language': currentLanguage() };
  if (method !== 'GET') headers['x-siappakai'] = '1';
  if (body !== undefined) headers['content-type'] = 'application/json';
  return fetch(`/api/v1${path}`, {
    method,
    headers,
    signal,
    body: body === undefined ? undefined : JSON.stringify(body),
  });
};

const call = async <T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> => {
  const response = await send(method, path, body, signal).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new ApiProblem(made('unreachable', 0));
  });
  if (!response.ok) throw new ApiProblem(await readProblem(response));
  const text = await response.text();
  return (text ? JSON.parse(text) : undefined) as T;
};

export const get = <T>(path: string, signal?: AbortSignal) => call<T>('GET', path, undefined, signal);
export const post = <T>(path: string, body: unknown = {}) => call<T>('POST', path, body);
export const put = <T>(path: string, body: unknown) => call<T>('PUT', path, body);
export const patch = <T>(path: string, body: unknown) => call<T>('PATCH', path, body);
export const remove = <T>(path: string) => call<T>('DELETE', path);

export interface Page<T> {
  items: T[];
  total: number;
}

/** `{q: 'x', state: ''}` becomes `?q=x`: empty values are no filter. */
export const query = (values: Record<string, string | number | null | undefined>): string => {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(values))
    if (value !== undefined && value !== null && value !== '') search.set(key, String(value));
  return search.size ? `?${search}` : '';
};
