import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LineCounter, parseDocument, type Document } from 'yaml';
import { InvalidInput } from '#libs/core/errors.js';
import { manifestSchema, type App, type AppManifest } from './manifest.js';

/** One application's folder: `app.yaml` and its templates. Throws `manifest-invalid` with `file:line:column: what`. */
export function readApp(folder: string): App {
  const file = join(folder, 'app.yaml');
  const manifest = parseManifest(readFileSync(file, 'utf8'), file);
  const templates = Object.fromEntries(
    readdirSync(folder)
      .filter((name) => name.endsWith('.hbs'))
      .map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );
  const missing = manifest.site.rendered.map(({ template }) => template).filter((name) => !(name in templates));
  if (missing.length > 0)
    throw new InvalidInput('manifest-invalid', {
      problems: missing.map((name) => `${folder}: template ${name} is missing`),
    });
  return { ...manifest, templates };
}

/** Every folder below `templates/` that has an `app.yaml`, by app name. */
export function readApps(folder: string): Map<string, App> {
  const apps = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => readApp(join(folder, entry.name)));
  return new Map(apps.map((app) => [app.app, app]));
}

export function parseManifest(text: string, file: string): AppManifest {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const broken = document.errors.map((error) => `${at(lines, file, error.pos[0])}: ${error.message.split('\n')[0]}`);
  if (broken.length > 0) throw new InvalidInput('manifest-invalid', { problems: broken });
  const { success, data, error } = manifestSchema.safeParse(document.toJS());
  if (success) return data;
  const problems = error.issues.map(
    ({ path, message }) => `${at(lines, file, offsetOf(document, path))}: ${path.join('.')}: ${message}`,
  );
  throw new InvalidInput('manifest-invalid', { problems });
}

const at = (lines: LineCounter, file: string, offset: number): string => {
  const { line, col } = lines.linePos(offset);
  return `${file}:${line}:${col}`;
};

/** Where the value stands, or the nearest thing above it when it is missing. */
function offsetOf(document: Document, path: PropertyKey[]): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true) as { range?: [number, number, number] } | undefined;
    if (node?.range) return node.range[0];
  }
  return 0;
}
