import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import { KabupatenService } from '#libs/catalog/kabupaten.service.js';
import { page, run, type Run } from '#libs/contract/contract.js';
import { keptDatabase, keptDrop, type KeptDatabase } from '#libs/contract/rollouts.js';
import { NotFound } from '#libs/core/errors.js';
import { findGabungan } from '#libs/gabungan/gabungan.service.js';
import { keptDatabasesOf } from '#libs/gabungan/kept.query.js';
import { RunsService } from '#libs/runs/runs.service.js';
import { Answers } from './answers.js';
import { assertTyped, gabunganWork } from './gabungan-work.js';
import { Settings } from './settings.js';
import { Allow, Who, type Asker } from './who.js';

/** What restores kept beside a gabungan, and the act that lets one go. */
@Controller('gabungan/:name/kept')
export class GabunganKeptController {
  constructor(
    private readonly db: DataSource,
    private readonly kabupaten: KabupatenService,
    private readonly runs: RunsService,
    private readonly settings: Settings,
  ) {}

  @Get()
  @Allow('reader')
  @Answers(page(keptDatabase))
  async list(@Who() who: Asker, @Param('name') name: string): Promise<{ items: KeptDatabase[]; total: number }> {
    const found = await keptDatabasesOf(this.db, who.scope, await findGabungan(this.db, who.scope, name));
    return { items: found.map((one) => ({ ...one, keptAt: one.keptAt.toISOString() })), total: found.length };
  }

  @Post(':id/drop')
  @Allow('admin')
  @Answers(run, 202)
  async drop(
    @Who() who: Asker,
    @Param() { name, id }: { name: string; id: string },
    @Body({ schema: keptDrop }) { confirm }: z.infer<typeof keptDrop>,
  ): Promise<Run> {
    const gabungan = await findGabungan(this.db, who.scope, name);
    assertTyped(confirm, (await this.kabupaten.find(who.scope, gabungan.kabupatenId)).code);
    const found = (await keptDatabasesOf(this.db, who.scope, gabungan)).find((one) => one.id === id);
    if (!found) throw new NotFound('kept-unknown', { id, name });
    const input = { kept: id, database: found.database };
    return this.runs.start(who.scope, gabunganWork(who, this.settings, gabungan, { verb: 'let-go', input }));
  }
}
