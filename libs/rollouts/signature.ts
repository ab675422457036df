import type { Reason } from './rollout.js';

/** Data that differ from desa to desa while the cause is the same. */
const OWN = new Set([
  ...['code', 'desa', 'desaId', 'name', 'title', 'wantedTitle', 'domain', 'site', 'url', 'id', 'ownId', 'runId'],
  ...['account', 'user', 'uid', 'folder', 'container', 'runtime', 'label', 'at', 'seconds'],
]);

/** Numbers that name a cause: a page that answers 404 fails otherwise than one that answers 500. */
const TELLING = new Set(['status', 'exitCode', 'errno']);

/** What is stripped from free words, widest first. */
const STRIPPED: readonly (readonly [pattern: RegExp, by: string])[] = [
  [/\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/gi, '#'],
  [/\b(?=[a-z-]*\d)[0-9a-f]{12,64}\b/gi, '#'],
  [/\b(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:id|com|org|net|test|local)\b/gi, '@'],
  [/\b(desa|kelurahan|nagari|gampong|kampung|pekon)(?:\s+(?:[A-Z][\w'-]*|\d+))+/gi, '$1'],
  [/\d+(?:[.,:]\d+)*/g, '#'],
  [/\s+/g, ' '],
];
const VERSION = /\bv\d{4}(?:\.\d+){2}(?:-premium)?\b/g;
const LONGEST_WORDS = 80;

const strip = (words: string): string => STRIPPED.reduce((text, [pattern, by]) => text.replaceAll(pattern, by), words);

/** Versions stay: the release is part of the cause. */
function stripped(words: string): string {
  const versions = words.match(VERSION) ?? [];
  const between = words.split(VERSION).map(strip);
  return between
    .map((text, index) => text + (versions[index] ?? ''))
    .join('')
    .trim()
    .slice(0, LONGEST_WORDS);
}

function valueOf(key: string, value: unknown): string {
  if (typeof value === 'number') return TELLING.has(key) ? String(value) : '#';
  if (Array.isArray(value)) return [...new Set(value.map((item) => stripped(String(item))))].sort().join(',');
  if (typeof value === 'object' && value !== null) return stripped(JSON.stringify(value));
  return stripped(String(value));
}

/**
 * Stable words of a failure, the same for the same cause in every desa: the code, the step when it is told, and the
 * data without what belongs to one desa. Desa of one signature are shown, held and retried together.
 */
export function signatureOf({ code, data }: Reason): string {
  const { step, ...rest } = data;
  const said = Object.keys(rest)
    .filter((key) => !OWN.has(key) && rest[key] !== null && rest[key] !== undefined)
    .sort()
    .map((key) => `${key}=${valueOf(key, rest[key])}`);
  return [typeof step === 'string' ? `${code}@${step}` : code, ...said].join(' ');
}
