import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { KabupatenService } from '#libs/catalog/kabupaten.service.js';
import { gabungan, gabunganNew, page, run, type GabunganView, type Run } from '#libs/contract/contract.js';
import { Conflict } from '#libs/core/errors.js';
import { findGabungan, listGabungan } from '#libs/gabungan/gabungan.service.js';
import { RunsService } from '#libs/runs/runs.service.js';
import { Answers } from './answers.js';
import { endOf } from './awaited-run.js';
import { FleetQuery } from './fleet.query.js';
import { FleetRecords } from './fleet-records.js';
import { Allow, Who, type Asker } from './who.js';

/** Gabungan: their rows are written here, the world is looked at and changed by runs. */
@Controller()
export class FleetController {
  constructor(
    private readonly fleet: FleetQuery,
    private readonly records: FleetRecords,
    private readonly kabupaten: KabupatenService,
    private readonly runs: RunsService,
    private readonly db: DataSource,
  ) {}

  @Get('gabungan')
  @Allow('reader')
  @Answers(page(gabungan))
  async gabungan(@Who() who: Asker): Promise<{ items: GabunganView[]; total: number }> {
    const items = await listGabungan(this.db, who.scope);
    return { items, total: items.length };
  }

  @Get('gabungan/:name')
  @Allow('reader')
  @Answers(gabungan)
  oneGabungan(@Who() who: Asker, @Param('name') name: string): Promise<GabunganView> {
    return findGabungan(this.db, who.scope, name);
  }

  @Post('gabungan')
  @Allow('admin')
  @Answers(run, 202)
  async addGabungan(@Who() who: Asker, @Body({ schema: gabunganNew }) body: z.infer<typeof gabunganNew>): Promise<Run> {
    const { id: kabupatenId } = await this.kabupaten.find(who.scope, body.kabupaten);
    const { id: serverId, ssh } = await this.fleet.server(who.scope, body.server);
    if (ssh && ssh.enrolledAt === null) throw new Conflict('server-not-enrolled', { name: body.server });
    const id = await this.records.addGabungan(who, { ...body, kabupatenId, serverId });
    return this.runs.start(who.scope, this.work(who, 'create', { id, name: body.name, kabupatenId }));
  }

  @Post('gabungan/:name/check')
  @Allow('admin')
  @Answers(gabungan)
  async checkGabungan(@Who() who: Asker, @Param('name') name: string): Promise<GabunganView> {
    await this.look(who, await findGabungan(this.db, who.scope, name));
    return findGabungan(this.db, who.scope, name);
  }

  private async look(who: Asker, subject: Subject): Promise<void> {
    const { id } = await this.runs.start(who.scope, this.work(who, 'check', subject));
    await endOf(() => this.runs.show(who.scope, id, who.speaks));
  }

  private work(who: Asker, verb: string, { id, name, kabupatenId }: Subject) {
    return {
      verb,
      subjectKind: 'gabungan' as const,
      subjectId: id,
      subjectLabel: name,
      kabupatenId,
      input: {},
      askedBy: who.username,
    };
  }
}

interface Subject {
  id: string;
  name: string;
  kabupatenId: string;
}
