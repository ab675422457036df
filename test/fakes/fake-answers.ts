import type { z } from 'zod';
import { page, type Home, type Problem } from '#libs/contract/contract.js';
import type { Fleet } from './fake-fleet.js';

export type Body = Record<string, string> & { dryRun?: boolean };
export interface Answer {
  schema?: z.ZodType;
  body?: unknown;
  status?: number;
}
export type Route = [string, RegExp, (parts: string[], body: Body, query: URLSearchParams) => Answer];

export class Refusal extends Error {
  constructor(readonly problem: Partial<Problem>) {
    super(problem.code);
  }
}

export const find = <T>(items: T[], test: (item: T) => boolean): T => {
  const found = items.find(test);
  if (!found) throw new Refusal({ status: 404, code: 'unknown', title: 'Tidak dikenal' });
  return found;
};

export const list = <T>(schema: z.ZodType<T>, items: T[], query: URLSearchParams): Answer => {
  const from = Number(query.get('offset') ?? 0);
  return {
    schema: page(schema),
    body: { items: items.slice(from, from + Number(query.get('limit') ?? 50)), total: items.length },
  };
};

const gatesOf = ({ rollouts }: Fleet): Home['waiting'] =>
  rollouts
    .filter(({ state, settings }) => state === 'draft' || (state === 'running' && settings.needsYes))
    .map(({ id, app, version, state }) => ({
      kind: 'rollout',
      text: `Peluncuran ${app} ${version} menunggu ${state === 'draft' ? 'persetujuan' : 'izin gelombang berikutnya'}`,
      link: `/rollouts/${id}`,
    }));
const pausedOf = ({ rollouts }: Fleet): Home['broken'] =>
  rollouts
    .filter(({ state }) => state === 'paused')
    .map(({ id, app, version, problem }) => ({
      kind: 'rollout',
      text: `Peluncuran ${app} ${version} dijeda: ${problem?.title ?? 'oleh seseorang'}`,
      link: `/rollouts/${id}`,
    }));

export const homeOf = (fleet: Fleet): Home => {
  const versions = new Map<string, number>();
  for (const { installations } of fleet.desa)
    for (const { observedVersion } of installations)
      versions.set(observedVersion ?? '', (versions.get(observedVersion ?? '') ?? 0) + 1);
  const bars = [...versions].map(([version, count]) => ({ version: version || null, count }));
  return {
    waiting: [
      ...gatesOf(fleet),
      ...fleet.releases
        .filter(({ state }) => state === 'added')
        .map(({ version }) => ({ kind: 'build', text: `Rilis opensid ${version} belum disiapkan`, link: '/releases' })),
    ],
    broken: [
      ...pausedOf(fleet),
      ...fleet.drift
        .filter(({ goneAt }) => goneAt === null)
        .map(({ title, subject, server }) => ({
          kind: 'drift',
          text: `${title}: ${subject} (${server})`,
          link: `/drift?server=${server}`,
        })),
      ...fleet.runs
        .filter(({ state }) => state === 'broken')
        .map(({ id, subjectLabel, problem }) => ({
          kind: 'run',
          text: `${subjectLabel}: ${problem?.title}`,
          link: `/runs/${id}`,
        })),
    ],
    running: fleet.runs.filter(({ state }) => ['queued', 'running', 'undoing'].includes(state)),
    versions: bars.length ? [{ app: 'opensid', bars, total: bars.reduce((sum, { count }) => sum + count, 0) }] : [],
  };
};
export const desaOf = (fleet: Fleet, query: URLSearchParams) => {
  const q = (query.get('q') ?? '').toLowerCase();
  const fits = (name: 'state' | 'app', value: string) => !query.get(name) || query.get(name) === value;
  const version = query.get('version');
  return fleet.desa.filter(
    (one) =>
      `${one.code} ${one.name} ${one.domain}`.toLowerCase().includes(q) &&
      (one.installations.length
        ? one.installations.some(
            (app) => fits('state', app.state) && fits('app', app.app) && (!version || version === app.observedVersion),
          )
        : !query.get('state') && !query.get('app') && !version),
  );
};
