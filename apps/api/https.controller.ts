import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { run, type Run } from '#libs/contract/contract.js';
import { httpsShown, httpsWish, type HttpsShown, type HttpsWish } from '#libs/contract/https.js';
import { HttpsService } from '#libs/gateway/https.service.js';
import { RunsService } from '#libs/runs/runs.service.js';
import { Answers } from './answers.js';
import { Allow, Who, type Asker } from './who.js';

/** HTTPS of a server's gateway. */
@Controller('servers')
export class HttpsController {
  constructor(
    private readonly https: HttpsService,
    private readonly runs: RunsService,
  ) {}

  @Get(':name/https')
  @Allow('reader')
  @Answers(httpsShown)
  show(@Who() who: Asker, @Param('name') name: string): Promise<HttpsShown> {
    return this.https.show(who.scope, name);
  }

  /** Certificates are checked here; a run makes it true, and records it when it is. */
  @Put(':name/https')
  @Allow('admin')
  @Answers(run, 202)
  async change(
    @Who() who: Asker,
    @Param('name') name: string,
    @Body({ schema: httpsWish }) wish: HttpsWish,
  ): Promise<Run> {
    const { id, kabupatenId, wanted } = await this.https.prepare(who.scope, who.username, name, wish);
    const subject = { subjectKind: 'server' as const, subjectId: id, subjectLabel: name };
    const input = { https: wanted, ...(wish.dryRun ? { dryRun: true } : {}) };
    return this.runs.start(who.scope, { verb: 'https', ...subject, kabupatenId, input, askedBy: who.username });
  }
}
