import { failureOf, pagesOf, reportOf, verdictOf } from './judge.js';
import type { MigrationSeen, Notes, PageSeen } from './notes.js';
import { lostRows } from './rows-per-desa.js';
import { cookiesOf, errorIn, isWorse } from './tour.js';
import { wayOn } from './way-on.js';

const page = (path: string, status: number | null, error: string | null = null): PageSeen => ({ path, status, error });
const migrated: MigrationSeen = {
  seconds: 1,
  isCodeOnly: false,
  fingerprint: { sha256: 'x', tables: 1, views: 0 },
  schemaChanges: [],
  rowsLost: [],
  swallowedErrors: [],
  failure: null,
};
const judged = { version: 'v2602.0.0', running: 'v2601.0.0' };

describe('a page of the old code on the migrated copy', () => {
  it.each([
    ['fails as it did before', page('/', 500), page('/', 500), false],
    ['fails and did not', page('/', 500), page('/', 200), true],
    ['does not answer any more', page('/', null), page('/', 200), true],
    ['shows an error in a page that is 200', page('/', 200, 'SQLSTATE[42S22]'), page('/', 200), true],
    ['showed that error before', page('/', 200, 'SQLSTATE[42S22]'), page('/', 200, 'SQLSTATE[42S22]'), false],
    ['answers with another good status', page('/', 303), page('/', 200), false],
    ['is new and fails', page('/', 500), undefined, true],
  ])('%s', (_what, now, before, worse) => expect(isWorse(now, before)).toBe(worse));
});

describe('the verdict', () => {
  const notes: Notes = {
    before: [page('/', 200), page('/a', 500)],
    old: [page('/', 500), page('/a', 500)],
    new: [page('/', 200), page('/a', 500)],
  };
  it('is a window when one page of the old code is worse, and names it', () =>
    expect(verdictOf(migrated, pagesOf(notes), judged)).toMatchObject({
      verdict: 'window',
      because: { data: { pages: ['/'] } },
    }));
  it('rolls when every page is as before, however many failed ever since', () =>
    expect(reportOf({ ...notes, old: notes.before }, migrated, judged)).toMatchObject({
      verdict: 'rolling',
      because: { code: 'rehearsal-rolls', data: { pages: 2 } },
    }));
  it('names ten pages and the number of the others', () => {
    const many = Array.from({ length: 13 }, (_, at) => `/${at}`);
    const pages = pagesOf({ before: many.map((path) => page(path, 200)), old: many.map((path) => page(path, 500)) });
    expect(verdictOf(migrated, pages, judged).because.data.pages).toEqual([...many.slice(0, 10), '+3']);
  });
  it('is unusable whatever the pages say', () => {
    const failure = { code: 'rehearsal-not-migrated', data: {} };
    expect(verdictOf({ ...migrated, failure }, [], judged)).toEqual({ verdict: 'unusable', because: failure });
  });
  it('names the worst reason first', () => {
    const seen = {
      swallowed: ['e'],
      isProved: true,
      lost: [{ table: 't', ownId: 1, before: 2, after: 1 }],
      broken: ['i'],
      ...judged,
      way: '–',
    };
    expect(failureOf({ ...seen, isProved: false })?.code).toBe('rehearsal-not-migrated');
    expect(failureOf(seen)?.code).toBe('rehearsal-swallowed-errors');
    expect(failureOf({ ...seen, swallowed: [] })?.code).toBe('rehearsal-lost-rows');
    expect(failureOf({ ...seen, swallowed: [], lost: [] })?.code).toBe('rehearsal-broke-invariants');
    expect(failureOf({ ...seen, swallowed: [], lost: [], broken: [] })).toBeNull();
  });
});

describe('rows of each desa', () => {
  const before = { artikel: { '1': 3, '2': 4 }, peta: { '': 5 }, setting: { '1': 9 }, lama: { '1': 1 } };
  it('more is no loss; fewer, none and a table that is gone are', () =>
    expect(lostRows(before, { artikel: { '1': 3, '2': 1 }, peta: { '': 6 }, setting: { '1': 9 } }, [])).toEqual([
      { table: 'artikel', ownId: 2, before: 4, after: 1 },
      { table: 'lama', ownId: 1, before: 1, after: 0 },
    ]));
  it('a table that the application tidies may shrink', () =>
    expect(lostRows(before, { ...before, setting: {} }, ['setting'])).toEqual([]));
  it('rows of nobody that got an owner are not lost', () =>
    expect(lostRows(before, { ...before, peta: { '1': 2, '2': 3 } }, [])).toEqual([]));
});

describe('the way on', () => {
  const entry = (version: string, minimumVersion: string | null, state = 'built') => ({
    version,
    minimumVersion,
    state,
  });
  const catalogue = [
    entry('v2602.1.0', null),
    entry('v2603.0.0', '2602'),
    entry('v2604.0.0', '2601'),
    entry('v2605.0.0', '2601'),
  ];
  it('is the nearest later release that accepts what is running', () =>
    expect(wayOn('v2601.0.0', 'v2603.0.0', catalogue)).toBe('v2604.0.0'));
  it('is an earlier one when no later one does', () =>
    expect(wayOn('v2601.0.0', 'v2605.0.0', catalogue)).toBe('v2604.0.0'));
  it('is never a release that was withdrawn', () =>
    expect(wayOn('v2601.0.0', 'v2603.0.0', [entry('v2604.0.0', null, 'withdrawn')])).toBe('–'));
});

describe('the tour', () => {
  it('reads several cookies out of one text, dates with commas included', () =>
    expect(cookiesOf('sidcsrf=ab; expires=Tue, 24-Nov-2026 18:00:00 GMT; path=/,ci_session=cd=; HttpOnly')).toEqual([
      ['sidcsrf', 'ab'],
      ['ci_session', 'cd='],
    ]));
  it('tells the words of an error, not the page', () =>
    expect(errorIn('<p>a PHP error was encountered</p>', ['A PHP Error was encountered'])).toBe(
      'a PHP error was encountered',
    ));
});
