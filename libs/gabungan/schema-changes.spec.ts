import { schemaChanges } from './schema-changes.js';

const column = (table: string, name: string, type: string, more = {}) => ({
  kind: 'column',
  TABLE_NAME: table,
  COLUMN_NAME: name,
  COLUMN_TYPE: type,
  IS_NULLABLE: 'YES',
  EXTRA: '',
  ...more,
});
const key = (table: string, name: string) => ({ kind: 'key', TABLE_NAME: table, INDEX_NAME: name });

describe('the difference of two schemas, as lines', () => {
  it('tells columns that came, went and changed', () =>
    expect(
      schemaChanges(
        [column('a', 'x', 'varchar(10)'), column('a', 'y', 'int(11)')],
        [column('a', 'x', 'text', { IS_NULLABLE: 'NO' }), column('b', 'z', 'int(11)')],
      ),
    ).toEqual(['~ a.x varchar(10) -> text not null', '- a.y', '+ b.z int(11)']));
  it('tells of keys that they changed', () =>
    expect(schemaChanges([key('a', 'i')], [key('a', 'i'), key('a', 'j'), key('b', 'k')])).toEqual([
      '~ key of a',
      '+ key of b',
    ]));
  it('equal schemas differ in nothing, whatever the order', () =>
    expect(schemaChanges([key('a', 'i'), key('a', 'j')], [key('a', 'j'), key('a', 'i')])).toEqual([]));
});
