import { Body, Controller, Get, Param, Patch, Post } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { wholeBackupsOf } from '#libs/backups/gabungan-backups.service.js';
import { setKeeping } from '#libs/backups/keeping.js';
import { KabupatenService } from '#libs/catalog/kabupaten.service.js';
import {
  gabungan as gabunganView,
  gabunganChange,
  page,
  run,
  type GabunganView,
  type Run,
} from '#libs/contract/contract.js';
import { gabunganBackup, gabunganRestore } from '#libs/contract/rollouts.js';
import { NotFound } from '#libs/core/errors.js';
import { findGabungan } from '#libs/gabungan/gabungan.service.js';
import { RunsService } from '#libs/runs/runs.service.js';
import { Answers } from './answers.js';
import { assertTyped, gabunganWork } from './gabungan-work.js';
import { Settings } from './settings.js';
import { Allow, Who, type Asker } from './who.js';

type Backup = z.infer<typeof gabunganBackup>;

/** Dumps of a whole gabungan: made and put back by runs, the putting back only after a person typed the kabupaten's code. */
@Controller('gabungan/:name')
export class GabunganBackupController {
  constructor(
    private readonly db: DataSource,
    private readonly kabupaten: KabupatenService,
    private readonly runs: RunsService,
    private readonly settings: Settings,
  ) {}

  @Get('backups')
  @Allow('reader')
  @Answers(page(gabunganBackup))
  async backups(@Who() who: Asker, @Param('name') name: string): Promise<{ items: Backup[]; total: number }> {
    const { id } = await findGabungan(this.db, who.scope, name);
    const items = (await wholeBackupsOf(this.db, who.scope, id)).map((found) => ({
      id: found.id,
      kind: found.kind,
      version: found.version,
      bytes: found.bytes,
      verifiedAt: found.verifiedAt.toISOString(),
      createdAt: found.createdAt.toISOString(),
      keep: found.keep,
    }));
    return { items, total: items.length };
  }

  @Post('backup')
  @Allow('operator')
  @Answers(run, 202)
  async backup(@Who() who: Asker, @Param('name') name: string): Promise<Run> {
    return this.ask(who, 'backup', await findGabungan(this.db, who.scope, name), {});
  }

  @Post('restore')
  @Allow('admin')
  @Answers(run, 202)
  async restore(
    @Who() who: Asker,
    @Param('name') name: string,
    @Body({ schema: gabunganRestore }) { backup, confirm }: z.infer<typeof gabunganRestore>,
  ): Promise<Run> {
    const gabungan = await findGabungan(this.db, who.scope, name);
    const { code } = await this.kabupaten.find(who.scope, gabungan.kabupatenId);
    assertTyped(confirm, code);
    const known = await wholeBackupsOf(this.db, who.scope, gabungan.id);
    if (!known.some(({ id }) => id === backup)) throw new NotFound('gabungan-backup-unknown', { id: backup, name });
    return this.ask(who, 'restore', gabungan, { backup });
  }

  /** How many of its backups are kept; what is too many goes after the next one. */
  @Patch()
  @Allow('admin')
  @Answers(gabunganView)
  async change(
    @Who() who: Asker,
    @Param('name') name: string,
    @Body({ schema: gabunganChange }) { keepBackups }: z.infer<typeof gabunganChange>,
  ): Promise<GabunganView> {
    await setKeeping(this.db, who.username, await findGabungan(this.db, who.scope, name), keepBackups);
    return findGabungan(this.db, who.scope, name);
  }

  private ask(who: Asker, verb: string, gabungan: GabunganView, input: Record<string, unknown>): Promise<Run> {
    return this.runs.start(who.scope, gabunganWork(who, this.settings, gabungan, { verb, input }));
  }
}
