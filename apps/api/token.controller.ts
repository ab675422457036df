import { Body, Controller, Delete, Get, Param, Post } from '@nestjs/common';
import type { z } from 'zod';
import { TokensService } from '#libs/auth/tokens.service.js';
import { page, tokenMade, tokenNew, tokenShown, type TokenMade } from '#libs/contract/contract.js';
import { Answers } from './answers.js';
import { Allow, Who, type Asker } from './who.js';

/** One's own tokens, and for admins those of others: to see and to take back, never to make. */
@Controller()
export class TokenController {
  constructor(private readonly tokens: TokensService) {}

  @Post('tokens')
  @Allow('reader')
  @Answers(tokenMade, 201)
  add(@Who() who: Asker, @Body({ schema: tokenNew }) body: z.infer<typeof tokenNew>): Promise<TokenMade> {
    return this.tokens.add(who, body.name, body.days);
  }

  @Get('tokens')
  @Allow('reader')
  @Answers(page(tokenShown))
  list(@Who() who: Asker) {
    return this.tokens.list(who);
  }

  @Delete('tokens/:id')
  @Allow('reader')
  @Answers(undefined, 204)
  remove(@Who() who: Asker, @Param('id') id: string): Promise<void> {
    return this.tokens.remove(who, id);
  }

  @Get('users/:username/tokens')
  @Allow('admin')
  @Answers(page(tokenShown))
  listOf(@Who() who: Asker, @Param('username') username: string) {
    return this.tokens.listOf(who, username);
  }

  @Delete('users/:username/tokens/:id')
  @Allow('admin')
  @Answers(undefined, 204)
  removeOf(@Who() who: Asker, @Param() { username, id }: { username: string; id: string }): Promise<void> {
    return this.tokens.removeOf(who, username, id);
  }
}
