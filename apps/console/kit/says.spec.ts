import { inIndonesian } from './says.js';

describe('sentences of the steps', () => {
  it('are said in Indonesian with their names and numbers kept', () => {
    expect(inIndonesian('register Koto Baru beside 3 other desa in opensid, administrator password [rahasia]')).toBe(
      'daftarkan Koto Baru bersama 3 desa lain di opensid, kata sandi admin [rahasia]',
    );
  });
  it('are shown as they are when they are not known', () =>
    expect(inIndonesian('do a new thing')).toBe('do a new thing'));
});
