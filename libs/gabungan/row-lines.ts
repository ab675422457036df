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
