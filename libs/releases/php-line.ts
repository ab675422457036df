import { InvalidInput } from '#libs/core/errors.js';
import type { App, PhpLine } from '#libs/templates/manifest.js';
import { satisfies } from './composer-constraint.js';
import type { ComposerPackage, ComposerTree } from './composer-files.js';
import { inRange } from './version.js';

/** What Debian has under each line: bullseye, bookworm, trixie. Composer asks the real one again in the build. */
const PATCHES: Record<PhpLine, string> = { '7.4': '7.4.33', '8.2': '8.2.29', '8.4': '8.4.11' };

/** The lines that app.yaml allows for a release, the preferred one first. Throws `release-php-unknown`. */
export function linesFor(app: App, version: string): PhpLine[] {
  const range = app.php.find((one) => inRange(version, one));
  if (!range) throw new InvalidInput('release-php-unknown', { app: app.app, version });
  return [range.version, ...range.or];
}

/** Everything in a tree that demands a PHP: its packages as they are there or locked, and the application itself. */
export const demandsOf = ({ root, lock, installed }: ComposerTree): ComposerPackage[] => [
  { name: 'composer.json', version: '', require: root.require },
  ...(installed ?? lock ?? []),
];

/** The same PHP by its two names: some packages ask for one of 64 bits, which ours are. */
const NAMES = ['php', 'php-64bit'];

/** Who does not run on a line, with what it demands. */
export function refusals(demands: readonly ComposerPackage[], line: string): string[] {
  const patch = PATCHES[line as PhpLine];
  return demands.flatMap(({ name, version, require }) => {
    const refused = NAMES.filter((one) => !satisfies(patch, require[one] ?? '*'));
    const told = refused.map((one) => `${one} ${require[one]}`).join(', ');
    return told ? [`${[name, version].filter(Boolean).join(' ')} (${told})`] : [];
  });
}

/** The first of the lines on which every package runs. Throws `composer-php-mismatch`, naming who refuses the last. */
export function choosePhp(lines: readonly PhpLine[], demands: readonly ComposerPackage[]): PhpLine {
  const fits = lines.find((line) => refusals(demands, line).length === 0);
  if (fits) return fits;
  throw phpMismatch(lines, demands);
}

export const phpMismatch = (lines: readonly string[], demands: readonly ComposerPackage[]): InvalidInput =>
  new InvalidInput('composer-php-mismatch', { php: lines.join(', '), packages: refusals(demands, lines.at(-1)!) });
