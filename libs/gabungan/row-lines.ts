/** The rows of a desa as lines `INSERT INTO t (columns) VALUES (...),(...);`: one statement a line, nothing else. */
export const LINE_BYTES = 256 * 1024;

const ESCAPES: Record<string, string> = {
  '\0': '\\0',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '\x1a': '\\Z',
  "'": "\\'",
  '\\': '\\\\',
};
// eslint-disable-next-line no-control-regex -- these are the characters that would end a line or a literal
const quote = (text: string): string => `'${text.replace(/[\0\b\t\n\r\x1a'\\]/g, (found) => ESCAPES[found]!)}'`;

export type Kind = 'number' | 'bytes' | 'text';

/** A value as the server's text protocol gives it, as a literal that gives it back byte by byte. */
export function literal(value: Buffer | null, kind: Kind): string {
  if (value === null) return 'NULL';
  if (kind === 'number') return value.toString('latin1');
  if (kind === 'bytes') return value.length === 0 ? "''" : `0x${value.toString('hex')}`;
  return quote(value.toString('utf8'));
}

const NUMBERS = ['tinyint', 'smallint', 'mediumint', 'int', 'bigint', 'decimal', 'float', 'double', 'year'];
const BYTES = [
  'bit',
  'binary',
  'varbinary',
  'tinyblob',
  'blob',
  'mediumblob',
  'longblob',
  'geometry',
  'point',
  'polygon',
];

/** From `information_schema.COLUMNS.DATA_TYPE`. */
export const kindOf = (dataType: string): Kind =>
  NUMBERS.includes(dataType) ? 'number' : BYTES.includes(dataType) ? 'bytes' : 'text';

/** Not readline: that one would never tell of a source that fails half-way. */
export async function* linesOf(source: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let held: Buffer[] = [];
  for await (const part of source) {
    let from = 0;
    for (let end = part.indexOf(10); end >= 0; end = part.indexOf(10, from)) {
      yield Buffer.concat([...held, part.subarray(from, end)]).toString('utf8');
      held = [];
      from = end + 1;
    }
    held.push(part.subarray(from));
  }
  const rest = Buffer.concat(held);
  if (rest.length > 0) yield rest.toString('utf8');
}
