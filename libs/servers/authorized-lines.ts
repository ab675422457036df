/** The text of an `authorized_keys` file with one line of ours; the lines of others stay as they are. */
export function withLine(text: string, line: string): string {
  const lines = text.split('\n');
  if (lines.includes(line)) return text;
  return `${text === '' || text.endsWith('\n') ? text : `${text}\n`}${line}\n`;
}

export const withoutLine = (text: string, line: string): string =>
  text
    .split('\n')
    .filter((one) => one !== line)
    .join('\n');
