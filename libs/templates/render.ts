import Handlebars from 'handlebars';
import { InvalidInput } from '#libs/core/errors.js';
import { Secret } from '#libs/core/secret.js';

const plain = (value: unknown): string => (value instanceof Secret ? value.reveal() : String(value ?? ''));

/** `'…'` for PHP: only backslash and quote have a meaning there. */
export const quotePhp = (value: unknown): string => `'${plain(value).replace(/[\\']/g, '\\$&')}'`;

/** `"…"` for dotenv: backslash, quote, dollar and line ends are escaped. */
export const quoteEnv = (value: unknown): string =>
  `"${plain(value)
    .replace(/[\\"$]/g, '\\$&')
    .replace(/\n/g, '\\n')
    .replace(/\r/g, '\\r')}"`;

export const quoteJson = (value: unknown): string => JSON.stringify(value instanceof Secret ? value.reveal() : value);
export const quoteRegex = (value: unknown): string => plain(value).replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

const handlebars = Handlebars.create();
handlebars.registerHelper({ php: quotePhp, env: quoteEnv, json: quoteJson, regex: quoteRegex });

/** Secrets are revealed here and in drivers only; a copy, so that the caller's values keep theirs. */
const reveal = (value: unknown): unknown => {
  if (value instanceof Secret) return value.reveal();
  if (Array.isArray(value)) return value.map(reveal);
  if (value && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, reveal(inner)]));
  return value;
};

/** Strict: an unknown name throws `template-unknown-name`; nothing is escaped but by the helpers. */
export function render(template: string, values: Record<string, unknown>): string {
  const compiled = handlebars.compile(template, { strict: true, noEscape: true, knownHelpersOnly: false });
  try {
    return compiled(reveal(values));
  } catch (error) {
    throw new InvalidInput('template-unknown-name', { reason: (error as Error).message.split('\n')[0] ?? '' });
  }
}
