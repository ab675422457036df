import type { DataSource } from 'typeorm';
import { IN_SCOPE, within, type Scope } from '#libs/auth/scope.js';
import { dotted } from '#libs/catalog/kode-desa.js';
import type { MovesAway } from '#libs/contract/moves.js';
import { asAppError, Conflict, NotFound } from '#libs/core/errors.js';
import { viewOfProblem } from '#libs/runs/run.view.js';
import type { RunsService } from '#libs/runs/runs.service.js';
import { judgement } from '#libs/servers/room.js';
import { roomsOf } from '#libs/servers/rooms.query.js';
import { spreadOver } from '#libs/servers/spread.js';
import type { Asker } from './who.js';

interface Leaving {
  desaId: string;
  code: string;
  name: string;
  app: string;
}

/** Every desa of a server to the others, placed by what is left there: all of them, or none. */
export class MovesFrom {
  constructor(
    private readonly db: DataSource,
    private readonly runs: RunsService,
  ) {}

  async begin(who: Asker, name: string, dryRun: boolean): Promise<MovesAway> {
    const server = await this.find(who.scope, name);
    const leaving = await this.leaving(server.id);
    const rooms = (await roomsOf(this.db, server.kabupatenId)).filter(({ id }) => id !== server.id);
    const { servers, left, judged } = spreadOver(rooms, leaving.length);
    if (left > 0)
      throw new Conflict('moves-do-not-fit', {
        server: name,
        left,
        count: leaving.length,
        reasons: judged.map(judgement),
      });
    const answer: MovesAway = { moves: [], left: [] };
    for (const [at, desa] of leaving.entries()) {
      const { code, name: called, app } = desa;
      const to = servers[at]!;
      try {
        const runId = dryRun ? null : await this.ask(who, server.kabupatenId, desa, to);
        answer.moves.push({ code, name: called, app, to, runId });
      } catch (error) {
        const problem = viewOfProblem(asAppError(error), who.speaks)!;
        answer.left.push({ code, name: called, app, problem });
      }
    }
    return answer;
  }

  private async ask(
    who: Asker,
    kabupatenId: string,
    { desaId, code, name, app }: Leaving,
    to: string,
  ): Promise<string> {
    const subject = { subjectKind: 'desa' as const, subjectId: desaId, subjectLabel: `${dotted(code)} ${name}` };
    const wish = { verb: 'move', ...subject, kabupatenId, app, input: { server: to }, askedBy: who.username };
    return (await this.runs.start(who.scope, wish)).id;
  }

  private async find(scope: Scope, name: string): Promise<{ id: string; kabupatenId: string }> {
    const [row] = (await this.db.query(
      `SELECT id, kabupaten_id AS "kabupatenId" FROM server WHERE ${IN_SCOPE} AND name = $2`,
      [within(scope), name],
    )) as { id: string; kabupatenId: string }[];
    if (!row) throw new NotFound('server-unknown', { name });
    return row;
  }

  private async leaving(serverId: string): Promise<Leaving[]> {
    return (await this.db.query(
      `SELECT d.id AS "desaId", d.code, d.name, i.app FROM installation i JOIN desa d ON d.id = i.desa_id
       WHERE i.server_id = $1 AND i.placed_release_id IS NOT NULL ORDER BY d.code, i.app`,
      [serverId],
    )) as Leaving[];
  }
}
