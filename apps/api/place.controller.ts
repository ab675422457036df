import { Body, Controller, Delete, Get, Param, Post, Put, Query } from '@nestjs/common';
import type { z } from 'zod';
import { KabupatenService } from '#libs/catalog/kabupaten.service.js';
import { page } from '#libs/contract/contract.js';
import { drainRequest, labelsRequest, limitRequest, place, placesQuery, type Place } from '#libs/contract/places.js';
import { PlacesService } from '#libs/servers/places.service.js';
import { Answers } from './answers.js';
import { Allow, Who, type Asker } from './who.js';

/** Where desa may be placed. */
@Controller()
export class PlaceController {
  constructor(
    private readonly places: PlacesService,
    private readonly kabupaten: KabupatenService,
  ) {}

  /** `labels` are separated by commas. */
  @Get('kabupaten/:code/places')
  @Allow('reader')
  @Answers(page(place))
  async list(
    @Who() who: Asker,
    @Param('code') code: string,
    @Query({ schema: placesQuery }) query: z.infer<typeof placesQuery>,
  ): Promise<{ items: Place[]; total: number }> {
    const { id } = await this.kabupaten.find(who.scope, code);
    const items = await this.places.list(id, query.labels.split(',').filter(Boolean));
    return { items, total: items.length };
  }

  @Post('servers/:name/drain')
  @Allow('admin')
  @Answers(undefined, 204)
  drain(
    @Who() who: Asker,
    @Param('name') name: string,
    @Body({ schema: drainRequest }) { reason }: z.infer<typeof drainRequest>,
  ): Promise<void> {
    return this.places.drain(who.scope, who.username, name, reason);
  }

  @Delete('servers/:name/drain')
  @Allow('admin')
  @Answers(undefined, 204)
  undrain(@Who() who: Asker, @Param('name') name: string): Promise<void> {
    return this.places.undrain(who.scope, who.username, name);
  }

  @Put('servers/:name/limit')
  @Allow('admin')
  @Answers(undefined, 204)
  limit(
    @Who() who: Asker,
    @Param('name') name: string,
    @Body({ schema: limitRequest }) { atOnce }: z.infer<typeof limitRequest>,
  ): Promise<void> {
    return this.places.limit(who.scope, who.username, name, atOnce);
  }

  @Put('servers/:name/labels')
  @Allow('admin')
  @Answers(undefined, 204)
  label(
    @Who() who: Asker,
    @Param('name') name: string,
    @Body({ schema: labelsRequest }) { labels }: z.infer<typeof labelsRequest>,
  ): Promise<void> {
    return this.places.label(who.scope, who.username, name, labels);
  }
}
