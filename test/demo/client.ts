import type { RunWithSteps } from '#libs/contract/contract.js';

/** A small HTTP client for the demo, the bench and the end-to-end tests. */
export class Client {
  private token = '';
  constructor(readonly url: string) {}

  async login(username: string, password: string): Promise<void> {
    const answer = await fetch(`${this.url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-siappakai': '1' },
      body: JSON.stringify({ username, password }),
    });
    if (!answer.ok) throw new Error(`login: ${answer.status} ${await answer.text()}`);
    const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const made = await fetch(`${this.url}/api/v1/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-siappakai': '1', cookie },
      body: JSON.stringify({ name: `client-${process.pid}`, days: 1 }),
    });
    if (!made.ok) throw new Error(`token: ${made.status} ${await made.text()}`);
    this.token = ((await made.json()) as { token: string }).token;
  }

  async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok)
      throw Object.assign(new Error(`${method} ${path}: ${answer.status} ${text}`), {
        status: answer.status,
        body: text,
      });
    return (text ? JSON.parse(text) : undefined) as T;
  }

  get = <T>(path: string): Promise<T> => this.ask<T>('GET', path);
  post = <T>(path: string, body: unknown = {}): Promise<T> => this.ask<T>('POST', path, body);

  /** Waits for the end of a run; `onStep` hears every step that changed. */
  async follow(runId: string, onStep: (text: string) => void = () => {}): Promise<RunWithSteps> {
    let told = '';
    for (;;) {
      const run = await this.get<RunWithSteps>(`/runs/${runId}`);
      const at = run.steps.findLast(({ state }) => state !== 'waiting');
      const text = at ? `${at.name} ${at.state}` : run.state;
      if (text !== told) onStep(text);
      told = text;
      if (['done', 'undone', 'broken', 'cancelled'].includes(run.state)) return run;
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
  }

  /** Starts a piece of work and throws unless it ends done. */
  async finish(path: string, body: unknown, onStep?: (text: string) => void): Promise<RunWithSteps> {
    const { id } = await this.post<{ id: string }>(path, body);
    const run = await this.follow(id, onStep);
    if (run.state === 'done') return run;
    const log = await this.get<{ line: string }[]>(`/runs/${id}/log`);
    const tail = log
      .slice(-40)
      .map(({ line }) => line)
      .join('\n');
    throw new Error(`${path} ended ${run.state}: ${JSON.stringify(run.problem)}\n${tail}`);
  }
}
