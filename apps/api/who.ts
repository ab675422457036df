import {
  createParamDecorator,
  Injectable,
  SetMetadata,
  type CanActivate,
  type CustomDecorator,
  type ExecutionContext,
} from '@nestjs/common';
import { ModulesContainer, Reflector } from '@nestjs/core';
import { parseCookie } from 'cookie';
import type { Request } from 'express';
import { DataSource } from 'typeorm';
import { Forbidden, NotSignedIn } from '#libs/core/errors.js';
import { Secret } from '#libs/core/secret.js';
import { personOfSession, personOfToken, type Person } from '#libs/auth/person.js';
import { reaches, type Role } from '#libs/auth/role.js';
import { languageOf, type Language } from './language.js';

export type Mark = Role | 'public';
export interface AskedRequest extends Request {
  person?: Person;
  /** Present when the person came with a cookie. */
  session?: Secret;
}

export const SESSION_COOKIE = 'siappakai_session';
const MARK = 'siappakai:allow';

/** The least role that may call this route. Every route carries one: without it the api does not start. */
export const Allow = (mark: Mark): CustomDecorator => SetMetadata(MARK, mark);

const EARLY = 'siappakai:with-first-password';
/** Open to who still has a first password: everything else waits until it was changed. */
export const WithFirstPassword = (): CustomDecorator => SetMetadata(EARLY, true);

/** Who asks, and in which language the answer is wished. */
export interface Asker extends Person {
  speaks: Language;
}
export const Who = createParamDecorator((_: unknown, context: ExecutionContext): Asker => {
  const request = context.switchToHttp().getRequest<AskedRequest>();
  if (!request.person) throw new NotSignedIn('not-signed-in');
  return { ...request.person, speaks: languageOf(request) };
});

const READING = ['GET', 'HEAD', 'OPTIONS'];

@Injectable()
export class WhoGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly db: DataSource,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const mark = this.reflector.get<Mark | undefined>(MARK, context.getHandler());
    const request = context.switchToHttp().getRequest<AskedRequest>();
    if (mark === 'public') return true;
    request.person = await this.recognise(request);
    if (!request.person || !mark) throw new NotSignedIn('not-signed-in');
    // A form on a foreign page can send our cookie, but not a header of its own.
    const isForeign = request.session && !READING.includes(request.method) && request.headers['x-siappakai'] !== '1';
    if (isForeign) throw new Forbidden('header-missing');
    const isEarly = request.person.mustChangePassword && !this.reflector.get(EARLY, context.getHandler());
    if (isEarly) throw new Forbidden('password-must-change');
    if (!reaches(request.person.role, mark))
      throw new Forbidden('forbidden', { needed: mark, role: request.person.role });
    return true;
  }

  private recognise(request: AskedRequest): Promise<Person | undefined> {
    const [, bearer] = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
    if (bearer) return personOfToken(this.db, new Secret(bearer));
    const cookie = parseCookie(request.headers.cookie ?? '')[SESSION_COOKIE];
    if (!cookie) return Promise.resolve(undefined);
    request.session = new Secret(cookie);
    return personOfSession(this.db, request.session);
  }
}

const PATH = 'path';

/** Stops the start when a route says nothing about who may call it. */
export function assertEveryRouteMarked(modules: ModulesContainer): void {
  const controllers = [...modules.values()].flatMap((module) => [...module.controllers.values()]);
  const unmarked = controllers.flatMap(({ metatype }) =>
    metatype ? unmarkedOf(metatype as { name: string; prototype: object }) : [],
  );
  if (unmarked.length > 0) throw new Error(`routes without @Allow: ${unmarked.join(', ')}`);
}

function unmarkedOf({ name, prototype }: { name: string; prototype: object }): string[] {
  const methods = Object.getOwnPropertyNames(prototype).filter((method) => method !== 'constructor');
  const routed = methods.filter((method) => Reflect.hasMetadata(PATH, Reflect.get(prototype, method) as object));
  return routed
    .filter((method) => !Reflect.hasMetadata(MARK, Reflect.get(prototype, method) as object))
    .map((method) => `${name}.${method}`);
}
