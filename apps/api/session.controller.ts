import { Body, Controller, Delete, Get, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { AuthService } from '#libs/auth/auth.service.js';
import { personOfSession } from '#libs/auth/person.js';
import {
  login,
  me,
  page,
  passwordChange,
  tokenMade,
  tokenNew,
  tokenShown,
  type Me,
  type TokenMade,
} from '#libs/contract/contract.js';
import { NotSignedIn } from '#libs/core/errors.js';
import { Secret } from '#libs/core/secret.js';
import { DataSource } from 'typeorm';
import { Answers } from './answers.js';
import { Settings } from './settings.js';
import { Allow, SESSION_COOKIE, Who, type Asker, type AskedRequest } from './who.js';

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
  @Answers(me)
  me(@Who() who: Asker): Promise<Me> {
    return this.auth.me(who);
  }

  @Post('me/password')
  @Allow('reader')
  @Answers(undefined, 204)
  async changePassword(
    @Who() who: Asker,
    @Body({ schema: passwordChange }) body: z.infer<typeof passwordChange>,
  ): Promise<void> {
    await this.auth.changePassword(who, new Secret(body.current), new Secret(body.next));
  }

  @Post('tokens')
  @Allow('reader')
  @Answers(tokenMade, 201)
  addToken(@Who() who: Asker, @Body({ schema: tokenNew }) body: z.infer<typeof tokenNew>): Promise<TokenMade> {
    return this.auth.addToken(who, body.name, body.days);
  }

  @Get('tokens')
  @Allow('reader')
  @Answers(page(tokenShown))
  tokens(@Who() who: Asker) {
    return this.auth.tokens(who);
  }

  @Delete('tokens/:id')
  @Allow('reader')
  @Answers(undefined, 204)
  async removeToken(@Who() who: Asker, @Param('id') id: string): Promise<void> {
    await this.auth.removeToken(who, id);
  }
}
