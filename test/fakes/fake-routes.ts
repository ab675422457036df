import {
  administrator,
  desa,
  gabungan,
  home,
  importReport,
  kabupaten,
  logLine,
  me,
  auditRow,
  release,
  run,
  runWithSteps,
  type Me,
  type Run,
} from '#libs/contract/contract.js';
import { server } from '#libs/contract/servers.js';
import { shipment } from '#libs/contract/shipments.js';
import { desaOf, find, homeOf, list, Refusal, type Answer, type Body, type Route } from './fake-answers.js';
import { aDesa, aGabungan, aKabupaten, aRelease, aRun, aServer, type Fleet } from './fake-fleet.js';
import { dotted } from '#libs/catalog/kode-desa.js';
import { installedBy } from './fake-moves.js';
import type { FakeRuns } from './fake-runs.js';

export interface Session {
  isSignedIn: boolean;
  role: Me['role'];
  mustChangePassword: boolean;
}

/** The routes of docs/http.md that the console asks, over the stand-in fleet. */
export const fakeRoutes = (fleet: Fleet, runs: FakeRuns, session: Session): Route[] => {
  const endAs = (id: string, state: Run['state']): Answer => ({
    schema: runWithSteps,
    body: Object.assign(
      find(fleet.runs, (one) => one.id === id),
      { state },
    ),
  });
  const actOn = (code: string, verb: string, body: Body): Answer => {
    const found = find(fleet.desa, (one) => one.code === code);
    const one = aRun(
      verb,
      { kind: 'desa', id: found.id, label: `${dotted(found.code)} ${found.name}` },
      body.dryRun ? 'done' : 'queued',
    );
    if (body.dryRun) fleet.runs.unshift(one);
    else runs.start(one, () => (found.installations = verb === 'remove' ? [] : [installedBy(verb, body)]));
    return { schema: run, body: one, status: 202 };
  };
  const person = () => ({
    username: 'admin',
    name: 'Admin',
    role: session.role,
    kabupaten: fleet.kabupaten.map(({ id, code, name }) => ({ id, code, name, zone: 'WIB' as const })),
    language: 'id',
    mustChangePassword: session.mustChangePassword,
    isEverywhere: true,
  });
  return [
    [
      'POST',
      /^\/session$/,
      (_, body) => {
        if (body.password !== 'rahasia')
          throw new Refusal({
            status: 401,
            code: 'login-wrong',
            title: 'Nama pengguna atau kata sandi salah',
            hint: 'Periksa lagi, lalu coba sekali lagi.',
          });
        session.isSignedIn = true;
        return { schema: me, body: person() };
      },
    ],
    ['DELETE', /^\/session$/, () => ((session.isSignedIn = false), { status: 204 })],
    ['GET', /^\/me$/, () => ({ schema: me, body: person() })],
    ['GET', /^\/home$/, () => ({ schema: home, body: homeOf(fleet) })],
    ['GET', /^\/kabupaten$/, (_, __, query) => list(kabupaten, fleet.kabupaten, query)],
    [
      'POST',
      /^\/kabupaten$/,
      (_, body) => (
        fleet.kabupaten.push(aKabupaten(body.code)),
        { schema: kabupaten, body: fleet.kabupaten.at(-1), status: 201 }
      ),
    ],
    [
      'PATCH',
      /^\/kabupaten\/(\d+)$/,
      ([code], body) => ({
        schema: kabupaten,
        body: Object.assign(
          find(fleet.kabupaten, (one) => one.code === code),
          { subscriptionEndsOn: body.subscriptionEnd },
        ),
      }),
    ],
    ['GET', /^\/servers$/, (_, __, query) => list(server, fleet.servers, query)],
    [
      'POST',
      /^\/servers$/,
      (_, body) => (
        fleet.servers.push(aServer(body.name!)),
        { schema: server, body: fleet.servers.at(-1), status: 201 }
      ),
    ],
    [
      'POST',
      /^\/servers\/([^/]+)\/check$/,
      ([name]) => ({ schema: server, body: find(fleet.servers, (one) => one.name === name) }),
    ],
    ['GET', /^\/gabungan$/, (_, __, query) => list(gabungan, fleet.gabungan, query)],
    [
      'POST',
      /^\/gabungan$/,
      (_, body) => {
        const made = aGabungan(body.name!, body.server!);
        return {
          schema: run,
          body: runs.start(aRun('create', { kind: 'gabungan', id: made.id, label: made.name }), () =>
            fleet.gabungan.push(made),
          ),
          status: 202,
        };
      },
    ],
    [
      'GET',
      /^\/gabungan\/([^/]+)$/,
      ([name]) => ({ schema: gabungan, body: find(fleet.gabungan, (one) => one.name === name) }),
    ],
    [
      'POST',
      /^\/gabungan\/([^/]+)\/check$/,
      ([name]) => ({ schema: gabungan, body: find(fleet.gabungan, (one) => one.name === name) }),
    ],
    ['GET', /^\/releases$/, (_, __, query) => list(release, fleet.releases, query)],
    [
      'POST',
      /^\/releases$/,
      (_, body) => (
        fleet.releases.unshift(
          aRelease(body.github === 'latest' ? 'v2604.0.0' : (body.github ?? 'v2604.0.1'), 'added'),
        ),
        { schema: release, body: fleet.releases[0], status: 201 }
      ),
    ],
    [
      'POST',
      /^\/releases\/opensid\/([^/]+)\/build$/,
      ([version]) => {
        const found = find(fleet.releases, (one) => one.version === version);
        return {
          schema: run,
          body: runs.start(
            aRun('build', { kind: 'release', id: found.id, label: found.version }),
            () => (found.state = 'built'),
          ),
          status: 202,
        };
      },
    ],
    ['GET', /^\/releases\/opensid\/([^/]+)\/shipments$/, (_, __, query) => list(shipment, [], query)],
    ['GET', /^\/releases\/opensid\/([^/]+)\/log$/, () => ({ schema: logLine.array(), body: [] })],
    ['GET', /^\/desa$/, (_, __, query) => list(desa, desaOf(fleet, query), query)],
    [
      'POST',
      /^\/desa$/,
      (_, body) => (
        fleet.desa.push({ ...aDesa(fleet.desa.length, null), code: body.code!, domain: body.domain! }),
        { schema: desa, body: fleet.desa.at(-1), status: 201 }
      ),
    ],
    [
      'POST',
      /^\/desa\/import$/,
      (_, body) => {
        const rows = body
          .csv!.trim()
          .split('\n')
          .map((text, line) => ({
            line: line + 1,
            code: text.split(',')[0]!.replaceAll('.', ''),
            domain: text.split(',')[1] ?? '',
          }));
        const report = rows.map((row) => ({
          ...row,
          problem: /^\d{10}$/.test(row.code) ? null : 'Kode desa terdiri dari 10 angka.',
        }));
        return {
          schema: importReport,
          body: {
            accepted: report.filter(({ problem }) => !problem).length,
            refused: report.filter(({ problem }) => problem).length,
            applied: !body.dryRun,
            rows: report,
          },
        };
      },
    ],
    ['GET', /^\/desa\/(\d+)$/, ([code]) => ({ schema: desa, body: find(fleet.desa, (one) => one.code === code) })],
    [
      'PATCH',
      /^\/desa\/(\d+)$/,
      ([code], { subscriptionEnd }) => ({
        schema: desa,
        body: Object.assign(
          find(fleet.desa, (one) => one.code === code),
          { subscription: subscriptionEnd ? { endsOn: subscriptionEnd, isOwn: true } : null },
        ),
      }),
    ],
    [
      'POST',
      /^\/desa\/(\d+)\/administrator$/,
      () => ({ schema: administrator, body: { username: 'admin', password: 'kWq8Zr2TbN5x' } }),
    ],
    ['POST', /^\/desa\/(\d+)\/(install|update|remove|move|settle)$/, ([code, verb], body) => actOn(code!, verb!, body)],
    [
      'GET',
      /^\/runs$/,
      (_, __, query) =>
        list(
          run,
          fleet.runs.filter(
            (one) =>
              (!query.get('state') || one.state === query.get('state')) &&
              (!query.get('subjectId') || one.subjectId === query.get('subjectId')),
          ),
          query,
        ),
    ],
    ['GET', /^\/runs\/([^/]+)$/, ([id]) => ({ schema: runWithSteps, body: find(fleet.runs, (one) => one.id === id) })],
    [
      'GET',
      /^\/runs\/([^/]+)\/log$/,
      ([id], _, query) => ({
        schema: logLine.array(),
        body: (fleet.logs.get(id!) ?? []).filter((line) => line.id > Number(query.get('after') ?? 0)),
      }),
    ],
    ['POST', /^\/runs\/([^/]+)\/cancel$/, ([id]) => endAs(id!, 'cancelled')],
    ['POST', /^\/runs\/([^/]+)\/clear$/, ([id]) => endAs(id!, 'undone')],
    ['GET', /^\/audit$/, (_, __, query) => list(auditRow, fleet.audit, query)],
  ];
};
