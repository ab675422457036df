import { forwardKeyOf } from './forward-key.js';

describe('the key by which gateways know each other', () => {
  const ring = new Map([['k1', Buffer.alloc(32, 1)]]);
  it('is the same for the same server, another for another one and under another key ring', () => {
    const key = forwardKeyOf(ring, 'a').reveal();
    expect(forwardKeyOf(ring, 'a').reveal()).toBe(key);
    expect(forwardKeyOf(ring, 'b').reveal()).not.toBe(key);
    expect(forwardKeyOf(new Map([['k2', Buffer.alloc(32, 2)]]), 'a').reveal()).not.toBe(key);
    expect(key).toMatch(/^[0-9a-f]{64}$/);
  });
  it('does not print', () => expect(String(forwardKeyOf(ring, 'a'))).toBe('[rahasia]'));
});
