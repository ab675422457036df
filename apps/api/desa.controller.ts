import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { showAdministratorPassword } from '#libs/catalog/administrator.js';
import { DesaQuery } from '#libs/catalog/desa.query.js';
import { DesaService } from '#libs/catalog/desa.service.js';
import {
  administrator,
  desa,
  desaChange,
  desaImport,
  desaNew,
  importReport,
  page,
  type Desa,
  type ImportReport,
} from '#libs/contract/contract.js';
import { InvalidInput } from '#libs/core/errors.js';
import { Answers, paging } from './answers.js';
import { Settings } from './settings.js';
import { Allow, Who, type Asker } from './who.js';

const filters = z.object({
  q: z.string().max(100).optional(),
  state: z.enum(['absent', 'installing', 'running', 'updating', 'removing', 'broken']).optional(),
  app: z.string().optional(),
  version: z.string().optional(),
  kecamatan: z.string().optional(),
  ...paging,
});
const appAsked = z.object({ app: z.string().default('opensid') }).prefault({});

@Controller('desa')
export class DesaController {
  constructor(
    private readonly query: DesaQuery,
    private readonly desa: DesaService,
    private readonly db: DataSource,
    private readonly settings: Settings,
  ) {}

  @Get()
  @Allow('reader')
  @Answers(page(desa))
  list(@Who() who: Asker, @Query({ schema: filters }) filter: z.infer<typeof filters>) {
    return this.query.list(who.scope, filter, who.speaks);
  }

  @Post()
  @Allow('operator')
  @Answers(desa, 201)
  async add(@Who() who: Asker, @Body({ schema: desaNew }) body: z.infer<typeof desaNew>): Promise<Desa> {
    const code = await this.desa.add(who.scope, who.username, body);
    return this.query.show(who.scope, code, who.speaks);
  }

  @Post('import')
  @Allow('operator')
  @Answers(importReport)
  import(@Who() who: Asker, @Body({ schema: desaImport }) body: z.infer<typeof desaImport>): Promise<ImportReport> {
    return this.desa.import(who.scope, who.username, body, who.speaks);
  }

  @Get(':code')
  @Allow('reader')
  @Answers(desa)
  show(@Who() who: Asker, @Param('code') code: string): Promise<Desa> {
    return this.query.show(who.scope, code, who.speaks);
  }

  @Patch(':code')
  @Allow('operator')
  @Answers(desa)
  async change(
    @Who() who: Asker,
    @Param('code') code: string,
    @Body({ schema: desaChange }) body: z.infer<typeof desaChange>,
  ): Promise<Desa> {
    await this.desa.change(who.scope, who.username, code, body);
    return this.query.show(who.scope, code, who.speaks);
  }

  @Post(':code/administrator')
  @Allow('admin')
  @Answers(administrator)
  async administrator(
    @Who() who: Asker,
    @Param('code') code: string,
    @Body({ schema: appAsked }) body: z.infer<typeof appAsked>,
  ) {
    const app = this.settings.apps.get(body.app);
    if (!app) throw new InvalidInput('app-unknown', { app: body.app });
    const found = await this.query.show(who.scope, code);
    const password = await showAdministratorPassword(this.db, this.settings.ring, {
      desa: found,
      app: body.app,
      who: who.username,
    });
    return { username: app.registration?.administratorName ?? 'admin', password: password.reveal() };
  }
}
