import { partsOf } from './eyes-on.js';

describe('what stands in a runtime', () => {
  it('is read from pools, trees and sockets; the pool that only answers is no desa', () => {
    const seen = partsOf([
      '/conf/fpm.d/live.conf',
      '/run/sock/live.sock',
      '/conf/fpm.d/d1307012001.conf',
      '/conf/sites/d1307012001',
      '/run/sock/d1307012001.sock',
      '/conf/sites/d1307012002',
      '',
    ]);
    expect([...seen]).toEqual([
      ['d1307012001', { pool: true, tree: true, socket: true }],
      ['d1307012002', { pool: false, tree: true, socket: false }],
    ]);
  });
});
