/** Lines of applications that print secrets (facts/opensid 1.7) and URLs that carry passwords, before anything is stored. */
const RULES: [RegExp, string][] = [
  [/(updateConfigFile\s+password\s*-\s*).*/gi, '$1[rahasia]'],
  [/((?:password|passwd|secret|token|app_key)["']?\s*(?:=>|[:=])\s*["']?)[^\s"',;]+/gi, '$1[rahasia]'],
  [/(\b[a-z]+:\/\/[^\s:/@]+:)[^\s@]+(@)/gi, '$1[rahasia]$2'],
  [/base64:[A-Za-z0-9+/]{42,44}={0,2}/g, 'base64:[rahasia]'],
];

export const scrub = (line: string): string =>
  RULES.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), line);
