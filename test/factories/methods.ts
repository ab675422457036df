import { inRange } from '#libs/releases/version.js';
import type { App } from '#libs/templates/manifest.js';

type Method = NonNullable<App['registration']>['methods'][number];

/** The registration methods of a manifest that fit; there must be one. */
export const methodsFor = (app: App, version: string, neighbours: 'none' | 'some'): Method[] =>
  (app.registration?.methods ?? []).filter(
    (method) => inRange(version, method) && (method.neighbours === undefined || method.neighbours === neighbours),
  );
