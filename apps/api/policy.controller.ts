import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { policy, policyShown, type Policy, type PolicyShown } from '#libs/contract/rollouts.js';
import { InvalidInput } from '#libs/core/errors.js';
import { PoliciesService } from '#libs/rollouts/policies.service.js';
import { Answers } from './answers.js';
import { Settings } from './settings.js';
import { Allow, Who, type Asker } from './who.js';

interface Named {
  kabupaten: string;
  app: string;
}

/** What the clock may do for a kabupaten and an app, and what it says it did. */
@Controller('policies/:kabupaten/:app')
export class PolicyController {
  constructor(
    private readonly policies: PoliciesService,
    private readonly settings: Settings,
  ) {}

  @Get()
  @Allow('reader')
  @Answers(policyShown)
  show(@Who() who: Asker, @Param() { kabupaten, app }: Named): Promise<PolicyShown> {
    return this.policies.show(who.scope, kabupaten, app, who.speaks);
  }

  @Put()
  @Allow('admin')
  @Answers(policyShown)
  async set(
    @Who() who: Asker,
    @Param() { kabupaten, app }: Named,
    @Body({ schema: policy }) rules: Policy,
  ): Promise<PolicyShown> {
    if (!this.settings.apps.has(app)) throw new InvalidInput('app-unknown', { app });
    await this.policies.set(who.scope, who.username, { code: kabupaten, app }, rules);
    return this.policies.show(who.scope, kabupaten, app, who.speaks);
  }
}
