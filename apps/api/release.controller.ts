import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { record } from '#libs/audit/audit.service.js';
import {
  logLine,
  page,
  release,
  releaseBuild,
  releaseNew,
  run,
  type LogLine,
  type Release,
  type Run,
} from '#libs/contract/contract.js';
import { type Server } from '#libs/contract/servers.js';
import { Conflict, InvalidInput } from '#libs/core/errors.js';
import { RunsService } from '#libs/runs/runs.service.js';
import { Answers } from './answers.js';
import { FleetQuery } from './fleet.query.js';
import { ReleaseDoor } from './release-door.js';
import { Settings } from './settings.js';
import { Allow, Who, type Asker } from './who.js';

const filters = z.object({ app: z.string().optional() });
interface Named {
  app: string;
  version: string;
}

@Controller('releases')
export class ReleaseController {
  constructor(
    private readonly fleet: FleetQuery,
    private readonly door: ReleaseDoor,
    private readonly runs: RunsService,
    private readonly settings: Settings,
    private readonly db: DataSource,
  ) {}

  @Get()
  @Allow('reader')
  @Answers(page(release))
  list(@Who() who: Asker, @Query({ schema: filters }) { app }: z.infer<typeof filters>) {
    return this.fleet.releases(who.scope, app, who.speaks);
  }

  /** Reads the archive at once: what is wrong with it is answered here. Building is a run. */
  @Post()
  @Allow('operator')
  @Answers(release, 201)
  async add(@Who() who: Asker, @Body({ schema: releaseNew }) body: z.infer<typeof releaseNew>): Promise<Release> {
    if (!this.settings.apps.has(body.app)) throw new InvalidInput('app-unknown', { app: body.app });
    if ((body.path === undefined) === (body.github === undefined)) throw new InvalidInput('release-source-missing');
    const added = await this.door.add(body);
    await record(this.db.manager, {
      actor: who.username,
      action: 'release.add',
      subject: `${added.app} ${added.version}`,
      after: body,
    });
    return this.fleet.release(who.scope, added, who.speaks);
  }

  /** An image is built on a server: the one that is named, or the first of the asker. */
  @Post(':app/:version/build')
  @Allow('operator')
  @Answers(run, 202)
  async build(
    @Who() who: Asker,
    @Param() named: Named,
    @Body({ schema: releaseBuild }) body: z.infer<typeof releaseBuild>,
  ): Promise<Run> {
    const found = await this.fleet.release(who.scope, named, who.speaks);
    if (found.state === 'withdrawn') throw new Conflict('release-withdrawn', { version: found.version });
    const server = body?.server
      ? await this.fleet.server(who.scope, body.server)
      : (await this.fleet.servers(who.scope, who.speaks)).items.filter(isReady).sort(hereFirst)[0];
    if (!server) throw new Conflict('server-missing');
    return this.runs.start(who.scope, {
      verb: 'build',
      subjectKind: 'release',
      subjectId: found.id,
      subjectLabel: `${found.app} ${found.version}`,
      kabupatenId: server.kabupatenId,
      app: found.app,
      input: { serverId: server.id, server: server.name },
      askedBy: who.username,
    });
  }

  @Get(':app/:version/log')
  @Allow('reader')
  @Answers(z.array(logLine))
  async log(@Who() who: Asker, @Param() named: Named): Promise<LogLine[]> {
    const found = await this.fleet.release(who.scope, named, who.speaks);
    const lines = (await this.fleet.buildLog(found.id)).split('\n');
    const at = found.builtAt ?? found.createdAt;
    return lines.filter((line) => line !== '').map((line, id) => ({ id: id + 1, at, level: 'info', step: null, line }));
  }
}

/** What is built elsewhere has to come to us before it goes anywhere. */
const hereFirst = (one: Server, other: Server): number => Number(one.ssh !== null) - Number(other.ssh !== null);

/** Without a wish of the person's, on a server that is ready and answers. */
const isReady = ({ ssh, circuit }: Server): boolean =>
  (ssh === null || ssh.enrolledAt !== null) && circuit.state === 'closed';
