import { Body, Controller, Get, Param, Post, Put } from '@nestjs/common';
import type { z } from 'zod';
import { KabupatenService } from '#libs/catalog/kabupaten.service.js';
import { page, run, type Run } from '#libs/contract/contract.js';
import {
  server,
  serverEnrol,
  serverInternalAddress,
  serverNew,
  serverTrust,
  type Server,
} from '#libs/contract/servers.js';
import { Conflict } from '#libs/core/errors.js';
import { Secret } from '#libs/core/secret.js';
import { RunsService } from '#libs/runs/runs.service.js';
import { Answers } from './answers.js';
import { endOf } from './awaited-run.js';
import { FleetQuery } from './fleet.query.js';
import { FleetRecords } from './fleet-records.js';
import { Allow, Who, type Asker } from './who.js';

/** Servers: their rows are written here; only the worker reaches them. */
@Controller('servers')
export class ServerController {
  constructor(
    private readonly fleet: FleetQuery,
    private readonly records: FleetRecords,
    private readonly kabupaten: KabupatenService,
    private readonly runs: RunsService,
  ) {}

  @Get()
  @Allow('reader')
  @Answers(page(server))
  servers(@Who() who: Asker): Promise<{ items: Server[]; total: number }> {
    return this.fleet.servers(who.scope, who.speaks);
  }

  @Get(':name')
  @Allow('reader')
  @Answers(server)
  oneServer(@Who() who: Asker, @Param('name') name: string): Promise<Server> {
    return this.fleet.server(who.scope, name, who.speaks);
  }

  /** A server over SSH is met at once: it gets a key pair and shows its host key, or its row says why not. */
  @Post()
  @Allow('admin')
  @Answers(server, 201)
  async addServer(@Who() who: Asker, @Body({ schema: serverNew }) body: z.infer<typeof serverNew>): Promise<Server> {
    const { id } = await this.kabupaten.find(who.scope, body.kabupaten);
    await this.records.addServer(who, { ...body, kabupatenId: id });
    const added = await this.fleet.server(who.scope, body.name, who.speaks);
    if (added.ssh) await this.look(who, added).catch(() => undefined);
    return this.fleet.server(who.scope, body.name, who.speaks);
  }

  /** Answers when the worker has looked; throws what it found wrong. */
  @Post(':name/check')
  @Allow('admin')
  @Answers(server)
  async checkServer(@Who() who: Asker, @Param('name') name: string): Promise<Server> {
    await this.look(who, await this.fleet.server(who.scope, name));
    return this.fleet.server(who.scope, name, who.speaks);
  }

  @Post(':name/trust')
  @Allow('admin')
  @Answers(server)
  async trustServer(
    @Who() who: Asker,
    @Param('name') name: string,
    @Body({ schema: serverTrust }) { fingerprint }: z.infer<typeof serverTrust>,
  ): Promise<Server> {
    await this.records.trustServer(who, await this.fleet.server(who.scope, name), fingerprint);
    return this.fleet.server(who.scope, name, who.speaks);
  }

  /** Where other servers reach it, for the ways to the gabungan that stand on it. */
  @Put(':name/internal-address')
  @Allow('admin')
  @Answers(server)
  async setInternalAddress(
    @Who() who: Asker,
    @Param('name') name: string,
    @Body({ schema: serverInternalAddress }) { address }: z.infer<typeof serverInternalAddress>,
  ): Promise<Server> {
    await this.records.setInternalAddress(who, await this.fleet.server(who.scope, name), address);
    return this.fleet.server(who.scope, name, who.speaks);
  }

  @Post(':name/enrol')
  @Allow('admin')
  @Answers(run, 202)
  async enrolServer(
    @Who() who: Asker,
    @Param('name') name: string,
    @Body({ schema: serverEnrol }) { password, ...input }: z.infer<typeof serverEnrol>,
  ): Promise<Run> {
    const subject = await this.overSsh(who, name);
    if (password !== undefined) await this.records.keepPassword(subject, new Secret(password));
    return this.start(who, 'enrol', subject, input);
  }

  @Post(':name/rotate-key')
  @Allow('admin')
  @Answers(run, 202)
  async rotateKey(@Who() who: Asker, @Param('name') name: string): Promise<Run> {
    return this.start(who, 'rotate-key', await this.overSsh(who, name));
  }

  private async overSsh(who: Asker, name: string): Promise<Server> {
    const found = await this.fleet.server(who.scope, name);
    if (!found.ssh) throw new Conflict('server-not-ssh', { name });
    return found;
  }

  private async look(who: Asker, subject: Server): Promise<void> {
    const { id } = await this.start(who, 'check', subject);
    await endOf(() => this.runs.show(who.scope, id, who.speaks));
  }

  private start(
    who: Asker,
    verb: string,
    { id, name, kabupatenId }: Server,
    input: Record<string, unknown> = {},
  ): Promise<Run> {
    const subject = { subjectKind: 'server' as const, subjectId: id, subjectLabel: name };
    return this.runs.start(who.scope, { verb, ...subject, kabupatenId, input, askedBy: who.username });
  }
}
