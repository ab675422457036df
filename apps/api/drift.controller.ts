import { Body, Controller, Get, Param, Post, Put, Query } from '@nestjs/common';
import { z } from 'zod';
import { run, type Run } from '#libs/contract/contract.js';
import {
  driftList,
  repairAllRequest,
  repairPolicy,
  repairPolicyShown,
  repairRequest,
  repairs,
  type DriftList,
  type RepairPolicy,
  type RepairPolicyShown,
  type Repairs,
} from '#libs/contract/looks.js';
import { DriftsService } from '#libs/looks/drifts.service.js';
import { RepairsService } from '#libs/looks/repairs.service.js';
import { viewOfProblem } from '#libs/runs/run.view.js';
import { Answers } from './answers.js';
import { Allow, Who, type Asker } from './who.js';

const listQuery = z.object({ server: z.string().optional() });

/** Where the world is not as the records say, and the runs that repair it. */
@Controller('drift')
export class DriftController {
  constructor(
    private readonly drifts: DriftsService,
    private readonly mends: RepairsService,
  ) {}

  @Get()
  @Allow('reader')
  @Answers(driftList)
  list(@Who() who: Asker, @Query({ schema: listQuery }) { server }: z.infer<typeof listQuery>): Promise<DriftList> {
    return this.drifts.list(who.scope, server, who.speaks);
  }

  @Post('repair')
  @Allow('operator')
  @Answers(repairs, 202)
  async repairAll(
    @Who() who: Asker,
    @Body({ schema: repairAllRequest }) { server }: z.infer<typeof repairAllRequest>,
  ): Promise<Repairs> {
    const { runs, left } = await this.mends.repairAll(who.scope, who.username, server);
    const reasons = left.map(({ drift: { id, subject }, problem: { code, data } }) => ({
      ...{ id, subject },
      problem: viewOfProblem({ code, data }, who.speaks)!,
    }));
    return { runs, left: reasons };
  }

  @Post(':id/repair')
  @Allow('operator')
  @Answers(run, 202)
  repair(
    @Who() who: Asker,
    @Param('id') id: string,
    @Body({ schema: repairRequest }) { dryRun }: z.infer<typeof repairRequest>,
  ): Promise<Run> {
    return this.mends.repair(who.scope, who.username, id, dryRun);
  }

  @Get('policies/:kabupaten')
  @Allow('reader')
  @Answers(repairPolicyShown)
  policy(@Who() who: Asker, @Param('kabupaten') kabupaten: string): Promise<RepairPolicyShown> {
    return this.drifts.policy(who.scope, kabupaten);
  }

  @Put('policies/:kabupaten')
  @Allow('admin')
  @Answers(repairPolicyShown)
  setPolicy(
    @Who() who: Asker,
    @Param('kabupaten') kabupaten: string,
    @Body({ schema: repairPolicy }) policy: RepairPolicy,
  ): Promise<RepairPolicyShown> {
    return this.drifts.setPolicy(who.scope, who.username, kabupaten, policy);
  }
}
