import { Body, Controller, Param, Post } from '@nestjs/common';
import type { z } from 'zod';
import { DesaQuery } from '#libs/catalog/desa.query.js';
import { dotted } from '#libs/catalog/kode-desa.js';
import { run, type Desa, type Installation, type Run } from '#libs/contract/contract.js';
import { moveRequest, movesAway, movesAwayRequest, settleRequest, type MovesAway } from '#libs/contract/moves.js';
import { Conflict } from '#libs/core/errors.js';
import { RunsService } from '#libs/runs/runs.service.js';
import { Answers } from './answers.js';
import { FleetQuery } from './fleet.query.js';
import { MovesFrom } from './moves-from.js';
import { Allow, Who, type Asker } from './who.js';

/** Asks for desa to be moved between servers, and for the end of what the old ones keep. */
@Controller()
export class MoveController {
  constructor(
    private readonly query: DesaQuery,
    private readonly runs: RunsService,
    private readonly fleet: FleetQuery,
    private readonly from: MovesFrom,
  ) {}

  @Post('desa/:code/move')
  @Allow('operator')
  @Answers(run, 202)
  async move(
    @Who() who: Asker,
    @Param('code') code: string,
    @Body({ schema: moveRequest }) { app, ...input }: z.infer<typeof moveRequest>,
  ): Promise<Run> {
    const desa = await this.query.show(who.scope, code);
    const installation = installed(desa, app);
    if (input.server) await this.fleet.server(who.scope, input.server, who.speaks);
    if (input.server === installation.server) throw new Conflict('move-same-server', { name: input.server });
    if (installation.kept)
      throw new Conflict('move-still-kept', { server: installation.kept.server, until: installation.kept.until });
    return this.start(who, 'move', desa, app, input);
  }

  /** The kept day ends now. */
  @Post('desa/:code/settle')
  @Allow('operator')
  @Answers(run, 202)
  async settle(
    @Who() who: Asker,
    @Param('code') code: string,
    @Body({ schema: settleRequest }) { app, ...input }: z.infer<typeof settleRequest>,
  ): Promise<Run> {
    const desa = await this.query.show(who.scope, code);
    if (!installed(desa, app).kept) throw new Conflict('move-none-kept', {});
    return this.start(who, 'settle', desa, app, input);
  }

  /** Every desa of this server to the others; none when not all of them fit. */
  @Post('servers/:name/moves')
  @Allow('admin')
  @Answers(movesAway, 202)
  away(
    @Who() who: Asker,
    @Param('name') name: string,
    @Body({ schema: movesAwayRequest }) { dryRun }: z.infer<typeof movesAwayRequest>,
  ): Promise<MovesAway> {
    return this.from.begin(who, name, dryRun);
  }

  private start(who: Asker, verb: string, desa: Desa, app: string, input: Record<string, unknown>): Promise<Run> {
    return this.runs.start(who.scope, {
      ...{ verb, subjectKind: 'desa', subjectId: desa.id, subjectLabel: `${dotted(desa.code)} ${desa.name}` },
      ...{ kabupatenId: desa.kabupatenId, app, input, askedBy: who.username },
    });
  }
}

function installed({ installations }: Desa, app: string): Installation {
  const found = installations.find((one) => one.app === app && one.state !== 'absent');
  if (!found) throw new Conflict('desa-not-installed', { app });
  return found;
}
