import { Unavailable } from '#libs/core/errors.js';
import type { Secret } from '#libs/core/secret.js';
import type { Gateway } from '#libs/gateway/gateway-port.js';
import type { RuntimeSpec } from '#libs/runtimes/runtime-port.js';
import type { App } from '#libs/templates/manifest.js';
import type { DesaTarget } from '../target.js';
import type { PageSeen } from './notes.js';

export type Tour = NonNullable<App['tour']>;
export const TOUR_USER = 'gladi_siappakai';
const PAGE_SECONDS = 60;

export interface Answer {
  status: number;
  body: string;
  headers: Record<string, string>;
}

/** One administrator's browser in one runtime: it keeps cookies and follows no redirect. */
export class Visitor {
  private readonly cookies = new Map<string, string>();

  constructor(
    private readonly gateway: Pick<Gateway, 'get'>,
    private readonly runtime: RuntimeSpec,
    private readonly target: DesaTarget,
  ) {}

  async ask(path: string, form?: Record<string, string>): Promise<Answer> {
    const { runtime, target } = this;
    const answer = await this.gateway.get({
      runtime: runtime.name,
      port: 8080,
      gateKey: runtime.gateKey.reveal(),
      site: target.site.site,
      domain: target.desa.domain,
      path,
      timeoutSeconds: PAGE_SECONDS,
      form,
      // A login without a referer is an error in some releases (facts/opensid 3.6).
      headers: { Cookie: this.cookie(), Referer: `http://${target.desa.domain}/` },
    });
    for (const [name, value] of cookiesOf(answer.headers['set-cookie'] ?? '')) this.cookies.set(name, value);
    return answer;
  }

  private cookie(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /** Status of the answer when it is not the one of somebody who is in; undefined when it is. */
  async signIn(login: NonNullable<Tour['login']>, password: Secret): Promise<number | undefined> {
    const { body } = await this.ask(login.get);
    const answer = await this.ask(login.post, {
      ...(login.token ? { [login.token]: this.tokenOf(login.token, body) } : {}),
      [login.username]: TOUR_USER,
      [login.password]: password.reveal(),
    });
    const leads = !login.location || new RegExp(login.location).test(answer.headers.location ?? '');
    return login.expect.includes(answer.status) && leads ? undefined : answer.status;
  }

  private tokenOf(name: string, body: string): string {
    const input = new RegExp(`<input[^>]*name=["']${name}["'][^>]*>`, 'i').exec(body)?.[0] ?? '';
    return /value=["']([^"']*)["']/i.exec(input)?.[1] ?? this.cookies.get(name) ?? '';
  }
}

/** Several `Set-Cookie` come in one text; a comma inside a date is no end. */
export const cookiesOf = (text: string): [string, string][] =>
  text.split(/,(?=\s*[^;,\s=]+=)/).flatMap((part) => {
    const [, name, value] = /^\s*([^=;\s]+)=([^;]*)/.exec(part) ?? [];
    return name ? [[name, value ?? ''] as [string, string]] : [];
  });

/** The first words of an error that a page shows, whatever its status. */
export const errorIn = (body: string, errorTexts: string[]): string | null => {
  for (const pattern of errorTexts) {
    const found = new RegExp(pattern, 'i').exec(body);
    if (found) return found[0].slice(0, 120);
  }
  return null;
};

async function see(visitor: Visitor, path: string, errorTexts: string[]): Promise<PageSeen> {
  try {
    const { status, body } = await visitor.ask(path);
    return { path, status, error: errorIn(body, errorTexts) };
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    return { path, status: null, error: null };
  }
}

const isBad = ({ status, error }: PageSeen): boolean => status === null || status >= 500 || error !== null;

/** Worse than before: it fails now and did not then, or fails in another way that visitors see. */
export const isWorse = (now: PageSeen, before: PageSeen | undefined): boolean =>
  isBad(now) && (!before || !isBad(before));

/** Asks for every page, one after the other; what seems worse than `before` is asked once more, for a busy moment is no verdict. */
export async function visitAll(
  visitor: Visitor,
  paths: string[],
  { errorTexts }: Pick<Tour, 'errorTexts'>,
  before: PageSeen[] = [],
): Promise<PageSeen[]> {
  const known = new Map(before.map((page) => [page.path, page]));
  const seen: PageSeen[] = [];
  for (const path of paths) {
    const first = await see(visitor, path, errorTexts);
    seen.push(isWorse(first, known.get(path)) ? await see(visitor, path, errorTexts) : first);
  }
  return seen;
}
