import type { Row } from './gabungan-port.js';

type Named = Map<string, string>;
const text = (value: unknown): string => (value === null || value === undefined ? '' : String(value));

const columnsOf = (rows: Row[]): Named =>
  new Map(
    rows
      .filter(({ kind }) => kind === 'column')
      .map((row) => [
        `${text(row.TABLE_NAME)}.${text(row.COLUMN_NAME)}`,
        [text(row.COLUMN_TYPE), row.IS_NULLABLE === 'NO' ? 'not null' : '', text(row.EXTRA)].filter(Boolean).join(' '),
      ]),
  );

/** Keys, references, tables and views of one table as one value: they are told as changed, not how. */
function othersOf(rows: Row[]): Named {
  const lines = new Map<string, string[]>();
  for (const row of rows.filter(({ kind }) => kind !== 'column')) {
    const name = `${text(row.kind)} of ${text(row.TABLE_NAME)}`;
    lines.set(name, [...(lines.get(name) ?? []), JSON.stringify(Object.values(row))]);
  }
  return new Map([...lines].map(([name, parts]) => [name, parts.sort().join('\n')]));
}

/** `+ table.column type`, `- table.column`, `~ table.column old -> new`, `~ key of table`; sorted. */
export function schemaChanges(before: Row[], after: Row[]): string[] {
  const [old, now] = [columnsOf(before), columnsOf(after)];
  const added = [...now].filter(([name]) => !old.has(name)).map(([name, type]) => `+ ${name} ${type}`);
  const gone = [...old.keys()].filter((name) => !now.has(name)).map((name) => `- ${name}`);
  const changed = [...now]
    .filter(([name, type]) => old.has(name) && old.get(name) !== type)
    .map(([name, type]) => `~ ${name} ${old.get(name)} -> ${type}`);
  const [oldOthers, nowOthers] = [othersOf(before), othersOf(after)];
  const others = [...new Set([...oldOthers.keys(), ...nowOthers.keys()])]
    .filter((name) => oldOthers.get(name) !== nowOthers.get(name))
    .map((name) => `${oldOthers.has(name) ? (nowOthers.has(name) ? '~' : '-') : '+'} ${name}`);
  return [...added, ...gone, ...changed, ...others].sort((a, b) => a.slice(2).localeCompare(b.slice(2)));
}
