/** Versions of PHP as three numbers. */
type Numbers = readonly [number, number, number];
type Test = (version: Numbers) => boolean;

const EVERY: Test = () => true;

const numbersOf = (text: string): Numbers => {
  const [major = 0, minor = 0, patch = 0] = text.split('.').map(Number);
  return [major, minor, patch];
};

const compare = (a: Numbers, b: Numbers): number => a[0] - b[0] || a[1] - b[1] || a[2] - b[2];

/** The first version after all that start with these numbers: `8.1` -> 8.2.0. */
const after = (text: string): Numbers => {
  const [major, minor, patch] = numbersOf(text);
  const told = text.split('.').length;
  if (told === 1) return [major + 1, 0, 0];
  return told === 2 ? [major, minor + 1, 0] : [major, minor, patch + 1];
};

const between =
  (from: Numbers, before: Numbers): Test =>
  (version) =>
    compare(version, from) >= 0 && compare(version, before) < 0;

const OPERATORS: Record<string, (text: string) => Test> = {
  '>=': (text) => (version) => compare(version, numbersOf(text)) >= 0,
  '>': (text) => (version) => compare(version, numbersOf(text)) > 0,
  '<=': (text) => (version) => compare(version, numbersOf(text)) <= 0,
  '<': (text) => (version) => compare(version, numbersOf(text)) < 0,
  '!=': (text) => (version) => compare(version, numbersOf(text)) !== 0,
  '^': (text) => between(numbersOf(text), [numbersOf(text)[0] + 1, 0, 0]),
  // `~8.1` leaves the minor free, `~8.1.2` the patch alone.
  '~': (text) => between(numbersOf(text), after(text.split('.').slice(0, -1).join('.') || text)),
  '=': (text) => (version) => compare(version, numbersOf(text)) === 0,
};

const PART = /^(>=|<=|!=|<>|==|=|>|<|\^|~)?v?(\d+(?:\.\d+)*)(\.[*x])?(?:[-@][\w.]*)?$/i;

/** One part, e.g. `>=8.1`; what we cannot read is left to composer itself, who asks again in the build. */
function testOf(part: string): Test {
  const [, operator = '=', text = '', wild] = PART.exec(part) ?? [];
  if (!text) return EVERY;
  if (wild) return between(numbersOf(text), after(text));
  const same = operator === '<>' ? '!=' : operator === '==' ? '=' : operator;
  return OPERATORS[same]!(text);
}

const HYPHEN = /^v?(\d[\d.]*)\s+-\s+v?(\d[\d.]*)$/;

function allOf(text: string): Test {
  const [, from, to] = HYPHEN.exec(text) ?? [];
  if (from && to) return between(numbersOf(from), after(to));
  const parts = text.replace(/([<>=!^~])\s+/g, '$1').split(/[\s,]+/);
  const tests = parts.filter(Boolean).map(testOf);
  return (version) => tests.every((test) => test(version));
}

/** Whether a version satisfies a constraint in composer's own words: `^7.4 || ^8.0`, `>=8.1 <8.5`, `8.2.*`, `7.1 - 8.3`. */
export function satisfies(version: string, constraint: string): boolean {
  const ways = constraint.split(/\s*\|\|?\s*/).map((way) => allOf(way.trim()));
  return ways.some((way) => way(numbersOf(version)));
}
