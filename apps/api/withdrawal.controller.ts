import { Body, Controller, Param, Post } from '@nestjs/common';
import type { z } from 'zod';
import { release, type Release } from '#libs/contract/contract.js';
import { releaseWithdraw } from '#libs/contract/rollouts.js';
import { WithdrawalsService } from '#libs/rollouts/withdrawals.service.js';
import { Answers } from './answers.js';
import { FleetQuery } from './fleet.query.js';
import { Allow, Who, type Asker } from './who.js';

/** A release that must not be used any more: its rollouts pause or are refused. */
@Controller('releases/:app/:version/withdraw')
export class WithdrawalController {
  constructor(
    private readonly withdrawals: WithdrawalsService,
    private readonly fleet: FleetQuery,
  ) {}

  @Post()
  @Allow('admin')
  @Answers(release)
  async withdraw(
    @Who() who: Asker,
    @Param() named: { app: string; version: string },
    @Body({ schema: releaseWithdraw }) { reason }: z.infer<typeof releaseWithdraw>,
  ): Promise<Release> {
    await this.withdrawals.withdraw(who.scope, who.username, named, reason);
    return this.fleet.release(who.scope, named, who.speaks);
  }
}
