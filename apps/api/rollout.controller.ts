import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import { z } from 'zod';
import { page } from '#libs/contract/contract.js';
import {
  rollout,
  rolloutApprove,
  rolloutDesaChoice,
  rolloutNew,
  rolloutPlanned,
  rolloutWhole,
  type Rollout,
  type RolloutNew,
  type RolloutPlanned,
  type RolloutWhole,
} from '#libs/contract/rollouts.js';
import { PlansService } from '#libs/rollouts/plans.service.js';
import { RolloutsQuery } from '#libs/rollouts/rollouts.query.js';
import { RolloutsService } from '#libs/rollouts/rollouts.service.js';
import { Answers, paging } from './answers.js';
import { followRollout } from './rollout-events.js';
import { Allow, Who, type Asker } from './who.js';

const filters = z.object({ state: rollout.shape.state.optional(), gabungan: z.string().optional(), ...paging });
type Choice = z.infer<typeof rolloutDesaChoice>;

/** Rows are written here; whatever moves a desa is a run that the worker starts from them. */
@Controller('rollouts')
export class RolloutController {
  constructor(
    private readonly plans: PlansService,
    private readonly rollouts: RolloutsService,
    private readonly query: RolloutsQuery,
  ) {}

  @Get()
  @Allow('reader')
  @Answers(page(rollout))
  list(
    @Who() who: Asker,
    @Query({ schema: filters }) filter: z.infer<typeof filters>,
  ): Promise<{ items: Rollout[]; total: number }> {
    return this.query.list(who.scope, filter, who.speaks);
  }

  /** A dry run: the plan is kept as a draft with its hash, and moves nobody. */
  @Post('plan')
  @Allow('operator')
  @Answers(rolloutPlanned)
  async plan(@Who() who: Asker, @Body({ schema: rolloutNew }) body: RolloutNew): Promise<RolloutPlanned> {
    return this.query.planned(who.scope, await this.plans.plan(who.scope, who.username, body, { isDryRun: true }));
  }

  @Post()
  @Allow('operator')
  @Answers(rolloutWhole, 201)
  async create(@Who() who: Asker, @Body({ schema: rolloutNew }) body: RolloutNew): Promise<RolloutWhole> {
    return this.show(who, await this.plans.plan(who.scope, who.username, body));
  }

  @Get(':id')
  @Allow('reader')
  @Answers(rolloutWhole)
  show(@Who() who: Asker, @Param('id') id: string): Promise<RolloutWhole> {
    return this.query.show(who.scope, id, who.speaks);
  }

  /** Server-sent events: `rollout` whole at first, `change` with only what changed, `end` when it has ended. */
  @Get(':id/events')
  @Allow('reader')
  @Answers(z.string())
  async events(@Who() who: Asker, @Param('id') id: string, @Res() response: Response): Promise<void> {
    await this.query.show(who.scope, id);
    await followRollout(() => this.query.show(who.scope, id, who.speaks), response);
  }

  @Post(':id/approve')
  @Allow('admin')
  @Answers(rollout)
  async approve(
    @Who() who: Asker,
    @Param('id') id: string,
    @Body({ schema: rolloutApprove }) { hash }: z.infer<typeof rolloutApprove>,
  ): Promise<Rollout> {
    await this.plans.approve(who.scope, who.username, id, hash);
    return this.query.one(who.scope, id, who.speaks);
  }

  @Post(':id/start')
  @Allow('operator')
  @Answers(rollout)
  async start(@Who() who: Asker, @Param('id') id: string): Promise<Rollout> {
    await this.plans.start(who.scope, who.username, id);
    return this.query.one(who.scope, id, who.speaks);
  }

  @Post(':id/pause')
  @Allow('operator')
  @Answers(rollout)
  pause(@Who() who: Asker, @Param('id') id: string): Promise<Rollout> {
    return this.act(who, 'pause', id);
  }

  @Post(':id/resume')
  @Allow('operator')
  @Answers(rollout)
  resume(@Who() who: Asker, @Param('id') id: string): Promise<Rollout> {
    return this.act(who, 'resume', id);
  }

  @Post(':id/stop')
  @Allow('operator')
  @Answers(rollout)
  stop(@Who() who: Asker, @Param('id') id: string): Promise<Rollout> {
    return this.act(who, 'stop', id);
  }

  /** A person's yes for the gate after the wave that has just ended. */
  @Post(':id/release-gate')
  @Allow('operator')
  @Answers(rollout)
  releaseGate(@Who() who: Asker, @Param('id') id: string): Promise<Rollout> {
    return this.act(who, 'releaseGate', id);
  }

  /** Failed desa wait for their turn again. */
  @Post(':id/retry')
  @Allow('operator')
  @Answers(rollout)
  async retry(
    @Who() who: Asker,
    @Param('id') id: string,
    @Body({ schema: rolloutDesaChoice }) { desa }: Choice,
  ): Promise<Rollout> {
    await this.rollouts.retry(who.scope, who.username, id, desa);
    return this.query.one(who.scope, id, who.speaks);
  }

  /** Holds these desa and goes on without them. */
  @Post(':id/hold')
  @Allow('operator')
  @Answers(rollout)
  async hold(
    @Who() who: Asker,
    @Param('id') id: string,
    @Body({ schema: rolloutDesaChoice }) choice: Choice,
  ): Promise<Rollout> {
    await this.rollouts.hold(who.scope, who.username, id, choice);
    return this.query.one(who.scope, id, who.speaks);
  }

  private async act(who: Asker, act: 'pause' | 'resume' | 'stop' | 'releaseGate', id: string): Promise<Rollout> {
    await this.rollouts[act](who.scope, who.username, id);
    return this.query.one(who.scope, id, who.speaks);
  }
}
