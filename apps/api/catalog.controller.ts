import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { AuditService } from '#libs/audit/audit.service.js';
import { KabupatenService } from '#libs/catalog/kabupaten.service.js';
import { WilayahQuery } from '#libs/catalog/wilayah.query.js';
import {
  auditRow,
  kabupaten,
  kabupatenChange,
  kabupatenNew,
  page,
  wilayah,
  type Kabupaten,
  type Wilayah,
} from '#libs/contract/contract.js';
import { Answers, paging } from './answers.js';
import { Allow, Who, type Asker } from './who.js';

const wilayahAsked = z.object({
  q: z.string().max(100),
  level: wilayah.shape.level.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});
const auditAsked = z.object({ q: z.string().max(100).optional(), ...paging });

@Controller()
export class CatalogController {
  constructor(
    private readonly regions: WilayahQuery,
    private readonly kabupaten: KabupatenService,
    private readonly audit: AuditService,
  ) {}

  @Get('wilayah')
  @Allow('reader')
  @Answers(z.array(wilayah))
  search(@Query({ schema: wilayahAsked }) { q, level, limit }: z.infer<typeof wilayahAsked>): Promise<Wilayah[]> {
    return this.regions.search(q, level, limit);
  }

  @Get('kabupaten')
  @Allow('reader')
  @Answers(page(kabupaten))
  list(@Who() who: Asker): Promise<{ items: Kabupaten[]; total: number }> {
    return this.kabupaten.list(who.scope);
  }

  @Post('kabupaten')
  @Allow('admin')
  @Answers(kabupaten, 201)
  add(@Who() who: Asker, @Body({ schema: kabupatenNew }) body: z.infer<typeof kabupatenNew>): Promise<Kabupaten> {
    return this.kabupaten.add(who.scope, who.username, body.code);
  }

  @Patch('kabupaten/:code')
  @Allow('admin')
  @Answers(kabupaten)
  async change(
    @Who() who: Asker,
    @Param('code') code: string,
    @Body({ schema: kabupatenChange }) body: z.infer<typeof kabupatenChange>,
  ): Promise<Kabupaten> {
    await this.kabupaten.change(who.scope, who.username, code, body);
    return this.kabupaten.find(who.scope, code);
  }

  @Get('audit')
  @Allow('admin')
  @Answers(page(auditRow))
  trail(@Who() who: Asker, @Query({ schema: auditAsked }) filter: z.infer<typeof auditAsked>) {
    return this.audit.list(who.scope, filter);
  }
}
