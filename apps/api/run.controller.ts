import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { z } from 'zod';
import {
  logLine,
  page,
  run,
  runClear,
  runWithSteps,
  type LogLine,
  type Run,
  type RunWithSteps,
} from '#libs/contract/contract.js';
import { RunsService } from '#libs/runs/runs.service.js';
import { Answers, paging } from './answers.js';
import { followRun } from './run-events.js';
import { Allow, Who, type Asker } from './who.js';

const filters = z.object({ state: run.shape.state.optional(), subjectId: z.uuid().optional(), ...paging });
const after = z.object({ after: z.coerce.number().int().min(0).default(0) });

@Controller('runs')
export class RunController {
  constructor(private readonly runs: RunsService) {}

  @Get()
  @Allow('reader')
  @Answers(page(run))
  list(
    @Who() who: Asker,
    @Query({ schema: filters }) filter: z.infer<typeof filters>,
  ): Promise<{ items: Run[]; total: number }> {
    return this.runs.list(who.scope, filter, who.speaks);
  }

  @Get(':id')
  @Allow('reader')
  @Answers(runWithSteps)
  show(@Who() who: Asker, @Param('id') id: string): Promise<RunWithSteps> {
    return this.runs.show(who.scope, id, who.speaks);
  }

  @Get(':id/log')
  @Allow('reader')
  @Answers(z.array(logLine))
  log(
    @Who() who: Asker,
    @Param('id') id: string,
    @Query({ schema: after }) query: z.infer<typeof after>,
  ): Promise<LogLine[]> {
    return this.runs.log(who.scope, id, query.after);
  }

  /** Server-sent events `log` and `run`; goes on after `Last-Event-ID`, ends with `end` when the run has ended. */
  @Get(':id/events')
  @Allow('reader')
  @Answers(z.string())
  async events(
    @Who() who: Asker,
    @Param('id') id: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.runs.show(who.scope, id);
    const from = Number(request.headers['last-event-id'] ?? request.query.after ?? 0);
    const look = {
      run: () => this.runs.show(who.scope, id, who.speaks),
      log: (afterId: number) => this.runs.log(who.scope, id, afterId),
    };
    await followRun(look, response, Number.isSafeInteger(from) ? from : 0);
  }

  @Post(':id/cancel')
  @Allow('operator')
  @Answers(runWithSteps)
  cancel(@Who() who: Asker, @Param('id') id: string): Promise<RunWithSteps> {
    return this.runs.cancel(who.scope, id, who.username);
  }

  @Post(':id/clear')
  @Allow('admin')
  @Answers(runWithSteps)
  clear(
    @Who() who: Asker,
    @Param('id') id: string,
    @Body({ schema: runClear }) body: z.infer<typeof runClear>,
  ): Promise<RunWithSteps> {
    return this.runs.clear(who.scope, id, who.username, body.reason);
  }
}
