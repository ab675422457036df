import { Body, Controller, Param, Post } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { DesaQuery } from '#libs/catalog/desa.query.js';
import { dotted } from '#libs/catalog/kode-desa.js';
import { installRequest, removeRequest, run, updateRequest, type Desa, type Run } from '#libs/contract/contract.js';
import { Conflict, InvalidInput, NotFound } from '#libs/core/errors.js';
import { RunsService } from '#libs/runs/runs.service.js';
import { Answers } from './answers.js';
import { Settings } from './settings.js';
import { Allow, Who, type Asker } from './who.js';

type Verb = 'install' | 'update' | 'remove';
interface Wanted {
  app: string;
  version?: string;
  dryRun: boolean;
  [more: string]: unknown;
}

/** Asks for work on one desa. What can be told from the records is refused at once; the worker looks at the world. */
@Controller('desa/:code')
export class DesaRunController {
  constructor(
    private readonly query: DesaQuery,
    private readonly runs: RunsService,
    private readonly db: DataSource,
    private readonly settings: Settings,
  ) {}

  @Post('install')
  @Allow('operator')
  @Answers(run, 202)
  install(
    @Who() who: Asker,
    @Param('code') code: string,
    @Body({ schema: installRequest }) body: z.infer<typeof installRequest>,
  ): Promise<Run> {
    return this.ask(who, 'install', code, body);
  }

  @Post('update')
  @Allow('operator')
  @Answers(run, 202)
  update(
    @Who() who: Asker,
    @Param('code') code: string,
    @Body({ schema: updateRequest }) body: z.infer<typeof updateRequest>,
  ): Promise<Run> {
    return this.ask(who, 'update', code, body);
  }

  @Post('remove')
  @Allow('operator')
  @Answers(run, 202)
  async remove(
    @Who() who: Asker,
    @Param('code') code: string,
    @Body({ schema: removeRequest }) { confirm, ...body }: z.infer<typeof removeRequest>,
  ): Promise<Run> {
    const desa = await this.query.show(who.scope, code);
    if (confirm.replaceAll('.', '') !== desa.code)
      throw new InvalidInput('confirm-differs', { typed: confirm, code: dotted(desa.code) });
    return this.ask(who, 'remove', code, body);
  }

  private async ask(who: Asker, verb: Verb, code: string, { app, ...input }: Wanted): Promise<Run> {
    if (!this.settings.apps.has(app)) throw new InvalidInput('app-unknown', { app });
    const desa = await this.query.show(who.scope, code);
    assertFits(desa, verb, app);
    if (input.version) await this.assertRelease(app, input.version);
    return this.runs.start(who.scope, {
      verb,
      subjectKind: 'desa',
      subjectId: desa.id,
      subjectLabel: `${dotted(desa.code)} ${desa.name}`,
      kabupatenId: desa.kabupatenId,
      app,
      input,
      askedBy: who.username,
    });
  }

  private async assertRelease(app: string, version: string): Promise<void> {
    const [found] = (await this.db.query('SELECT state FROM release WHERE app = $1 AND version = $2', [
      app,
      version,
    ])) as { state: string }[];
    if (!found) throw new NotFound('release-unknown', { app, version });
    if (found.state === 'withdrawn') throw new Conflict('release-withdrawn', { version });
    if (found.state !== 'built') throw new Conflict('release-not-built', { version });
  }
}

/** An open run is told by the run itself (`run-open`), not here. */
function assertFits(desa: Desa, verb: Verb, app: string): void {
  const installation = desa.installations.find((one) => one.app === app);
  if (installation?.openRunId) return;
  const isThere = installation !== undefined && installation.state !== 'absent';
  if (verb === 'install' && isThere) throw new Conflict('desa-already-installed', { app });
  if (verb !== 'install' && !isThere) throw new Conflict('desa-not-installed', { app });
}
