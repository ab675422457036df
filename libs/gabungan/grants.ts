/** What each account of a merged database may do: on its schema alone, never with GRANT OPTION. */
export const OWNER = [
  'SELECT',
  'INSERT',
  'UPDATE',
  'DELETE',
  'CREATE',
  'DROP',
  'REFERENCES',
  'INDEX',
  'ALTER',
  'LOCK TABLES',
  'CREATE VIEW',
  'SHOW VIEW',
] as const;
export const READER = ['SELECT', 'SHOW VIEW'] as const;
export const RUNTIME = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'] as const;

/** One desa cannot take all connections of the server: two per child, old and new release side by side, and some room. */
export const RUNTIME_CONNECTIONS = 24;

export const quoteName = (name: string): string => `\`${name.replaceAll('`', '``')}\``;
/** In GRANT a schema name is a pattern: `_` would also open `gabX1307` beside `gab_1307`. */
export const quotePattern = (schema: string): string => quoteName(schema.replaceAll('_', '\\_').replaceAll('%', '\\%'));

const inOrder = (privileges: string): string =>
  privileges
    .split(',')
    .map((privilege) => privilege.trim())
    .sort()
    .join(',');

/** Whether SHOW GRANTS says exactly this: USAGE on the server and these privileges on this schema, nothing else. */
export function areExactly(lines: string[], privileges: readonly string[], schema: string): boolean {
  const others = lines.filter((line) => !line.startsWith('GRANT USAGE ON *.* TO '));
  const [, found, place] = /^GRANT (.+) ON (.+) TO [^ ]+$/.exec(others[0] ?? '') ?? [];
  return (
    others.length === 1 &&
    lines.length === 2 &&
    place === `${quotePattern(schema)}.*` &&
    inOrder(found ?? '') === inOrder(privileges.join(','))
  );
}
