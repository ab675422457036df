import { hostForOthers } from './ssh-address.js';

describe('the host by which other servers reach a gateway', () => {
  const of = (address: string, httpAddress = '0.0.0.0') => hostForOthers({ address, httpAddress });
  it('is the one of its sshd, an IPv6 address in brackets', () => {
    expect(of('ssh://petugas@10.0.0.7:22')).toBe('10.0.0.7');
    expect(of('ssh://petugas@[fd00::7]:2222')).toBe('[fd00::7]');
  });
  it('is, of this machine, where its gateway listens, unless that is everywhere or nowhere else', () => {
    expect(of('unix:/var/run/docker.sock', '10.0.0.5')).toBe('10.0.0.5');
    for (const vague of ['0.0.0.0', '127.0.0.1', '::', 'localhost'])
      expect(of('unix:/var/run/docker.sock', vague)).toBeUndefined();
  });
});
