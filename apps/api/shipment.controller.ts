import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import { within } from '#libs/auth/scope.js';
import { page, run, type Release, type Run } from '#libs/contract/contract.js';
import type { Server } from '#libs/contract/servers.js';
import { releaseShip, shipment, type Shipment } from '#libs/contract/shipments.js';
import { Conflict } from '#libs/core/errors.js';
import { RunsService } from '#libs/runs/runs.service.js';
import { Answers } from './answers.js';
import { FleetQuery } from './fleet.query.js';
import { Allow, Who, type Asker } from './who.js';

interface Named {
  app: string;
  version: string;
}

/** Release images on their way to servers, ahead of the work that will need them. */
@Controller('releases/:app/:version')
export class ShipmentController {
  constructor(
    private readonly fleet: FleetQuery,
    private readonly runs: RunsService,
    private readonly db: DataSource,
  ) {}

  /** What came to servers over their links; where it was built it did not have to come. */
  @Get('shipments')
  @Allow('reader')
  @Answers(page(shipment))
  async shipments(@Who() who: Asker, @Param() named: Named): Promise<{ items: Shipment[]; total: number }> {
    const { image, imageId } = await this.fleet.release(who.scope, named, who.speaks);
    const rows = (await this.db.query(
      `SELECT s.name AS server, m.layers, m.moved_bytes::float AS "movedBytes", m.shipped_at AS "shippedAt"
       FROM shipment m JOIN server s ON s.id = m.server_id
       WHERE ($1::uuid[] IS NULL OR s.kabupaten_id = ANY($1)) AND m.image = $2 AND m.image_id = $3 ORDER BY s.name`,
      [within(who.scope), image, imageId],
    )) as (Omit<Shipment, 'shippedAt'> & { shippedAt: Date })[];
    const items = rows.map((row) => ({ ...row, shippedAt: row.shippedAt.toISOString() }));
    return { items, total: items.length };
  }

  /** One run for each server, so that one that is away keeps no other waiting; a server at work for somebody is left out. */
  @Post('ship')
  @Allow('operator')
  @Answers(page(run), 202)
  async ship(
    @Who() who: Asker,
    @Param() named: Named,
    @Body({ schema: releaseShip }) body: z.infer<typeof releaseShip>,
  ): Promise<{ items: Run[]; total: number }> {
    const release = await this.fleet.release(who.scope, named, who.speaks);
    if (release.state === 'withdrawn') throw new Conflict('release-withdrawn', { version: release.version });
    if (release.state !== 'built') throw new Conflict('release-not-built', { version: release.version });
    if (body?.server) {
      const one = await this.start(who, release, await this.fleet.server(who.scope, body.server, who.speaks));
      return { items: [one], total: 1 };
    }
    const servers = (await this.fleet.servers(who.scope, who.speaks)).items.filter(isReady);
    if (servers.length === 0) throw new Conflict('server-missing');
    const items: Run[] = [];
    for (const server of servers) items.push(...(await this.start(who, release, server).then(one, noneWhenOpen)));
    return { items, total: items.length };
  }

  private start(who: Asker, release: Release, server: Server): Promise<Run> {
    const { app, version, id: releaseId } = release;
    const subject = { subjectKind: 'server' as const, subjectId: server.id, subjectLabel: server.name };
    const input = { releaseId, app, version, server: server.name };
    const { kabupatenId } = server;
    return this.runs.start(who.scope, { verb: 'ship', ...subject, kabupatenId, app, input, askedBy: who.username });
  }
}

const one = (started: Run): Run[] => [started];
const isReady = ({ ssh }: Server): boolean => ssh !== null && ssh.enrolledAt !== null;

function noneWhenOpen(error: unknown): Run[] {
  if (error instanceof Conflict && error.code === 'run-open') return [];
  throw error;
}
