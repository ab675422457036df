import { Body, Controller, Delete, Get, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { AuthService } from '#libs/auth/auth.service.js';
import { personOfSession } from '#libs/auth/person.js';
import { login, me, passwordChange, type Me } from '#libs/contract/contract.js';
import { NotSignedIn } from '#libs/core/errors.js';
import { Secret } from '#libs/core/secret.js';
import { DataSource } from 'typeorm';
import { Answers } from './answers.js';
import { Settings } from './settings.js';
import { Allow, SESSION_COOKIE, Who, WithFirstPassword, type Asker, type AskedRequest } from './who.js';

@Controller()
export class SessionController {
  constructor(
    private readonly auth: AuthService,
    private readonly db: DataSource,
    private readonly settings: Settings,
  ) {}

  @Post('session')
  @Allow('public')
  @Answers(me)
  async login(
    @Body({ schema: login }) body: z.infer<typeof login>,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Me> {
    const session = await this.auth.login(body.username, new Secret(body.password), request.ip ?? '');
    response.cookie(SESSION_COOKIE, session.token.reveal(), {
      httpOnly: true,
      sameSite: 'strict',
      secure: this.settings.isHttps,
      path: '/',
      expires: session.expiresAt,
    });
    const person = await personOfSession(this.db, session.token);
    if (!person) throw new NotSignedIn('not-signed-in');
    return this.auth.me(person);
  }

  @Delete('session')
  @Allow('reader')
  @WithFirstPassword()
  @Answers(undefined, 204)
  async logout(
    @Who() who: Asker,
    @Req() request: AskedRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    if (request.session) await this.auth.logout(who, request.session);
    response.clearCookie(SESSION_COOKIE, { path: '/' });
  }

  @Get('me')
  @Allow('reader')
  @WithFirstPassword()
  @Answers(me)
  me(@Who() who: Asker): Promise<Me> {
    return this.auth.me(who);
  }

  @Post('me/password')
  @Allow('reader')
  @WithFirstPassword()
  @Answers(undefined, 204)
  async changePassword(
    @Who() who: Asker,
    @Body({ schema: passwordChange }) body: z.infer<typeof passwordChange>,
    @Req() { session }: AskedRequest,
  ): Promise<void> {
    const [current, next] = [new Secret(body.current), new Secret(body.next)];
    await this.auth.changePassword(who, { current, next, session });
  }
}
