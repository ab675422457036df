import { Body, Controller, Delete, Get, Param, Post } from '@nestjs/common';
import type { z } from 'zod';
import { page } from '#libs/contract/contract.js';
import { hold, holdNew, type Hold } from '#libs/contract/rollouts.js';
import { HoldsService } from '#libs/rollouts/holds.service.js';
import { Answers } from './answers.js';
import { Allow, Who, type Asker } from './who.js';

/** Desa that are kept out of rollouts. */
@Controller('holds')
export class HoldController {
  constructor(private readonly holds: HoldsService) {}

  @Get()
  @Allow('reader')
  @Answers(page(hold))
  list(@Who() who: Asker): Promise<{ items: Hold[]; total: number }> {
    return this.holds.list(who.scope);
  }

  @Post()
  @Allow('operator')
  @Answers(hold, 201)
  add(@Who() who: Asker, @Body({ schema: holdNew }) body: z.infer<typeof holdNew>): Promise<Hold> {
    return this.holds.add(who.scope, who.username, body);
  }

  @Delete(':id')
  @Allow('operator')
  @Answers(undefined, 204)
  remove(@Who() who: Asker, @Param('id') id: string): Promise<void> {
    return this.holds.remove(who.scope, who.username, id);
  }
}
